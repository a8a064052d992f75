"""The order of the work: territories, people, projects, what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from bench.figures import timed
from bench.projects import lives, people, words
from bench.projects.copying import copy
from preau.accounts.models import Membership, Organization, User
from preau.core import clock
from preau.projects import models as p
from preau.territories.models import Crte, CrteMembership

#: In this order: each stands on the ones before.
TABLES: dict[str, type[Model]] = {
    "communes": p.ProjectCommune,
    "programmes": p.ProjectProgramme,
    "assignments": p.Assignment,
    "blockages": p.Blockage,
    "recommendations": p.Recommendation,
    "steps": p.Step,
    "funding": p.FundingRequest,
    "events": p.ProjectEvent,
}


def build(*, projects: int, seed: int) -> dict[str, Any]:
    """Everything, in the empty database of DATABASE_URL; what country.json says of it."""
    with timed("build.migrate"):
        call_command("migrate", interactive=False, verbosity=0)
    with timed("build.territories"):
        call_command("load_territories")
    now = clock.now()
    with timed("build.draw"):
        drawn = people.draw(now, seed)
        made = lives.Lives(drawn, seed).draw(projects)
    counts: dict[str, int] = {}
    with timed("build.copy"):
        for model, rows in _standing(drawn):
            counts[model._meta.db_table] = _copy(model, rows)
        counts["projects_project"] = _copy(p.Project, made.projects)
        for name, model in TABLES.items():
            counts[model._meta.db_table] = _copy(model, made.rows[name])
    with timed("build.vacuum"), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return {"today": clock.today(ZoneInfo("Europe/Paris")).isoformat(), "counts": counts}


def _standing(drawn: people.People) -> Iterable[tuple[type[Model], Iterable[Mapping[str, Any]]]]:
    yield Crte, drawn.crtes
    yield CrteMembership, _crte_communes(drawn)
    yield User, drawn.users
    yield Organization, drawn.organizations
    yield Membership, drawn.memberships
    yield p.StateService, drawn.service_rows()
    yield p.ServiceMember, drawn.service_member_rows()
    yield p.StatePair, drawn.pair_rows()
    yield p.Programme, _programmes()


def _crte_communes(drawn: people.People) -> Iterable[Mapping[str, Any]]:
    inside = [one for one in drawn.towns if one.crte]
    for number, one in enumerate(inside, 1):
        yield {
            "id": number,
            "crte_id": one.crte,
            "commune_id": one.code,
            "since": people.SINCE,
        }


def _programmes() -> Iterable[Mapping[str, Any]]:
    for number, (slug, name, national) in enumerate(words.PROGRAMMES, 1):
        yield {"id": number, "slug": slug, "name": name, "is_national": national}


def _copy(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> int:
    with transaction.atomic():
        return copy(model, rows)
