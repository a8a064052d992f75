"""Counting without naming: figures, days, doubles, whose line it is."""

import random
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.themes import themes
from preau.mediation import queries
from preau.mediation.actions import visits
from preau.mediation.enums import SERVICE_OF, Theme
from preau.mediation.models import Visit
from tests.accounts.factories import OrganizationFactory, sign_in
from tests.mediation.factories import hand_of, visit
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def test_a_visit_says_nothing_of_who_came():
    fields = {field.name for field in Visit._meta.get_fields()}
    assert fields == {
        "id", "sheet", "departement_code", "day", "themes", "people", "services", "mode",
        "outcome", "origin", "counted_by", "created_at", "token",
    }  # fmt: skip


def test_sent_twice_counts_once(sheet, mediator):
    token = uuid.uuid4()
    first, second = (visit(sheet, mediator, token=token) for _ in range(2))
    assert first == second
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (-60, True), (-61, False), (1, False)])
def test_only_recent_days_are_counted(sheet, mediator, days, allowed):
    day = clock.today(sheet.zone) + timedelta(days=days)
    if allowed:
        assert visit(sheet, mediator, day=day).day == day
    else:
        with pytest.raises(Refusal, match="soixante jours"):
            visit(sheet, mediator, day=day)


def test_a_line_without_theme_or_people_is_refused(sheet, mediator):
    with pytest.raises(Refusal, match="thème"):
        visit(sheet, mediator, themes=["inconnu"])
    with pytest.raises(Refusal, match="1 à 500"):
        visit(sheet, mediator, people=501)
    one = visit(sheet, mediator)
    for wrong in ({"themes": []}, {"people": 0}, {"services": 21}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.filter(pk=one.pk).update(**wrong)


def test_only_the_people_of_the_place_count(sheet):
    stranger = hand_of(OrganizationFactory(verified=True))
    with pytest.raises(Forbidden):
        visit(sheet, stranger)


def test_one_takes_back_ones_own_line_within_a_week(sheet, mediator, town):
    one = visit(sheet, mediator)
    with pytest.raises(Refusal, match="Seule la personne"):
        visits.take_back(one, actor=hand_of(town))
    with clock.frozen(clock.now() + timedelta(days=8)), pytest.raises(Refusal, match="semaine"):
        visits.take_back(one, actor=mediator)
    visits.take_back(one, actor=mediator)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("seed", range(6))
def test_figures_are_those_counted_by_hand(sheet, mediator, seed):
    rng = random.Random(seed)
    voiron = CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
    origins = [None, sheet.commune, voiron]
    today = clock.today(sheet.zone)
    rows = [
        visit(
            sheet,
            mediator,
            day=today - timedelta(days=rng.randrange(50)),
            themes=rng.sample(Theme.values, rng.randint(1, 3)),
            people=rng.randint(1, 9),
            services=rng.randint(1, 4),
            origin=rng.choice(origins),
        )
        for _ in range(30)
    ]
    first, last = today - timedelta(days=30), today - timedelta(days=3)
    inside = [one for one in rows if first <= one.day <= last]
    found = queries.tally(sheet, first, last)
    assert (found.lines, found.people) == (len(inside), sum(one.people for one in inside))
    assert found.services == sum(one.services for one in inside)
    assert dict(found.themes) == Counter(Theme(t).label for one in inside for t in one.themes)
    by_origin = Counter()
    for one in inside:
        by_origin[one.origin.name if one.origin else ""] += one.people
    assert found.unknown == by_origin.pop("", 0)
    assert dict(found.origins) == by_origin
    flows = queries.visits_by_origin([sheet.commune_id], first, last)
    assert sum(one.visits for one in flows) == found.people
    assert sum(one.visits for one in flows if not one.origin) == found.unknown
    assert sum(one.services for one in flows) == sum(one.services * one.people for one in inside)


def test_each_service_is_one_of_the_schema():
    assert set(SERVICE_OF.values()) <= set(themes())


def test_the_page_keeps_what_was_typed(client, sheet, mediator):
    sign_in(client, mediator.user, mediator.membership)
    url = f"/mediation/lieux/{sheet.key}/compter/"
    assert client.get(url).status_code == 200
    sent = {"themes": [], "services": 2, "people": 1, "outcome": "oriente", "mode": "telephone"}
    sent |= {"day": "01/01/2020", "token": uuid.uuid4(), "origin": "Nulle-Part-les-Bains"}
    page = client.post(url, sent).content.decode()
    assert "Cochez au moins un thème" in page
    assert "n’est pas connue" in page
    assert "Nulle-Part-les-Bains" in page
    assert not Visit.objects.exists()
