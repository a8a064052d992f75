"""The whole description against a real server: no fault, nothing answered that is not described.

`PREAU_API_EXAMPLES=200` looks longer; the requests are the same each time for the same number.
"""

import os
from datetime import date, timedelta

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from preau.api.description import description
from preau.api.enums import Scope
from preau.api.http import limits
from preau.places.enums import ApprovalMode
from tests.api.factories import administrator, occasion, token_of
from tests.booking.factories import bookable_space, booking, evening
from tests.permissions.samples import World

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = int(os.environ.get("PREAU_API_EXAMPLES", "12"))
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
)
SCHEMA = schemathesis.openapi.from_dict(description())
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations()]


@pytest.fixture
def real(settings, tmp_path):
    """Things that are there, and who may see them: what chance alone would not name."""
    settings.MEDIA_ROOT = tmp_path
    world = World(projects=True)
    period = evening(world.space, days=40)
    actor = administrator(world.association)
    space = bookable_space(approval=ApprovalMode.IMMEDIATE)
    mine = booking(space, actor=actor)
    return {
        "actor": actor,
        "space_id": space.pk,
        "place_id": space.place_id,
        "reference": mine.reference,
        "number": world.agreement.number,
        "key": str(world.project.key),
        "commune": space.place.commune_id,
        "departement": space.place.departement_code,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "first_day": str(period.start.date()),
        "last_day": str(period.start.date() + timedelta(weeks=2)),
        "start_time": "10:00",
        "end_time": "12:00",
        "days_each": 1,
        "quantity": 1,
        "contact_phone": "04 76 00 00 00",
        "attendance": 3,
        "accepts_rules": True,
        "agreed_cents": None,
        "options": [],
        "hold": "",
        "cursor": "",
        "project_key": str(world.project.key),
        "project_actor": administrator(world.project.holder_organization),
        "days": [evening(space, days=20 + number) for number in range(3)],
    }


def known(label, real):
    """What is sure to go well, whatever chance draws: parts of the request of each operation."""
    hold, booked, weekly = (
        {"start": one.start.isoformat(), "end": one.end.isoformat()} for one in real["days"]
    )
    space, rhythm = {"space_id": real["space_id"]}, _rhythm(weekly["start"][:10])
    of_place, of_booking = {"place_id": real["place_id"]}, {"reference": real["reference"]}
    return {
        "GET /api/v1/search": {"query": {"commune": real["commune"], "people": 3}},
        "GET /api/v1/places": {"query": {"commune": real["commune"]}},
        "GET /api/v1/places/{place_id}": {"path_parameters": of_place},
        "GET /api/v1/spaces/{space_id}": {"path_parameters": space},
        "GET /api/v1/spaces/{space_id}/free-busy": {"path_parameters": space},
        "GET /api/v1/spaces/{space_id}/slots": {"path_parameters": space},
        "GET /api/v1/spaces/{space_id}/series": {"path_parameters": space, "query": rhythm},
        "POST /api/v1/holds": {"body": {**space, **hold}},
        "POST /api/v1/holds/{reference}/release": {
            "path_parameters": {"reference": real.get("held", "")},
            "body": {},
        },
        "POST /api/v1/bookings": {"body": occasion(**space, **booked)},
        "GET /api/v1/bookings": {"query": {"state": "confirmee"}},
        "GET /api/v1/bookings/{reference}": {"path_parameters": of_booking},
        "POST /api/v1/bookings/{reference}/cancel": {"path_parameters": of_booking, "body": {}},
        "POST /api/v1/series": {"body": occasion(**space, **rhythm)},
        "GET /api/v1/agreements": {},
        "GET /api/v1/agreements/{number}": {"path_parameters": {"number": real["number"]}},
        "GET /api/v1/projects": {},
        "GET /api/v1/projects/{key}": {"path_parameters": {"key": real["project_key"]}},
        "GET /api/v1/statistics": {},
        "GET /api/v1/open-data": {},
        "GET /api/v1/me": {},
    }[label]


def _rhythm(first):
    last = date.fromisoformat(first) + timedelta(weeks=1)
    hours = {"start_time": "10:00", "end_time": "12:00"}
    return {"first_day": first, "last_day": str(last), **hours}


@pytest.fixture
def _many_calls(monkeypatch):
    monkeypatch.setattr(limits, "TOKEN", 1_000_000)
    monkeypatch.setattr(limits, "ANONYMOUS", 1_000_000)


def call(case, url, token, real, named):
    """One request as drawn; `named`: about things that are there, at times that exist."""
    if named:
        for part in (case.path_parameters, case.query, case.body):
            if isinstance(part, dict):
                part.update({name: real[name] for name in part.keys() & real.keys()})
        if case.operation.path == "/api/v1/search":
            case.query = {"commune": real["commune"], "people": 3}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = case.call(base_url=url, headers=headers)
    case.validate_response(response, checks=CHECKS, headers=headers)
    return response


def explore(operation, mode, examples, url, token, real):
    """The statuses met."""
    met = set()

    @hypothesis.seed(20270312)
    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode), st.booleans())
    def look(case, named):
        met.add(call(case, url, token, real, named).status_code)

    look()
    return met


@pytest.mark.usefixtures("_many_calls")
def test_what_is_well_asked_is_done(live_server, real):
    """Each operation once as it should be: the parts that chance alone would not meet."""
    tokens = {one: token_of(real[one])[1] for one in ("actor", "project_actor")}
    for number, operation in enumerate(OPERATIONS):
        parts = known(operation.label, real)
        key = {"Idempotency-Key": f"connue-{number}"} if operation.method == "post" else {}
        case = operation.Case(headers=key, **parts)
        whose = "project_actor" if operation.label.endswith("/projects/{key}") else "actor"
        response = call(case, live_server.url, tokens[whose], real, named=False)
        assert response.status_code in {200, 201}, (operation.label, response.text)
        if operation.label == "POST /api/v1/holds":
            real["held"] = response.json()["reference"]


@pytest.mark.usefixtures("_many_calls")
def test_nothing_is_answered_that_is_not_described(live_server, real):
    token = token_of(real["actor"])[1]
    for operation in OPERATIONS:
        explore(operation, GenerationMode.POSITIVE, EXAMPLES, live_server.url, token, real)
        if operation.query or operation.path_parameters or operation.body:
            explore(operation, GenerationMode.NEGATIVE, EXAMPLES // 2, live_server.url, token, real)


@pytest.mark.usefixtures("_many_calls")
@pytest.mark.parametrize("scope", ["", *Scope])
def test_whatever_the_token_is_for(live_server, real, scope):
    token = token_of(real["actor"], scope)[1] if scope else ""
    for operation in OPERATIONS:
        met = explore(operation, GenerationMode.POSITIVE, 2, live_server.url, token, real)
        [asked] = [one["token"] for one in operation.definition.raw["security"] if one]
        public = {} in operation.definition.raw["security"]
        if scope and asked and scope not in asked:
            assert met == {403}, operation.label
        elif not scope and not public:
            assert met == {401}, operation.label
        else:
            assert not met & {401, 403}, operation.label
