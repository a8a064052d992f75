"""A town's agent looks at what the village's rooms have left to offer, and opens hours in one
click for those who asked in vain."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.availability import opening_index
from preau.availability.opening import RuleData
from preau.availability.queries.space import timeline
from preau.booking.actions.requests import refuse
from preau.capacity.models import FailedSearch
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.places.models import Space
from tests.accounts.factories import MembershipFactory, OrganizationFactory
from tests.availability.factories import open_space
from tests.booking.factories import booking
from tests.journeys.world import term_evening, town
from tests.places.factories import SpaceFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("CAPACITY_SHOTS", "")


@pytest.fixture
def village(db, monkeypatch):
    """A hall open in office hours, one always open, and people turned away in the evening."""
    monkeypatch.setattr(opening_index, "HORIZON", opening_index.HORIZON / 2)
    house = town()
    days = [RuleData(weekdays=(0, 1, 2, 3, 4), start_minute=9 * 60, end_minute=17 * 60)]
    house.hall = SpaceFactory(
        place=house.place, name="Salle des mariages", slug="mariages", surface=120, capacity=80
    )
    open_space(house.hall, days)
    for day in (8, 9):
        booking(house.room, actor=house.occupant, days=day, confirmed=True)
    turned_away(house)
    return house


def turned_away(house):
    choir = OrganizationFactory(verified=True, name="Chorale des Cimes")
    singer = MembershipFactory(organization=choir, role=MembershipRole.ADMINISTRATOR)
    asked = booking(house.room, actor=Actor(singer.user, singer), days=12)
    refuse(asked, reason="La salle est prise.", actor=Actor(house.agent.user, house.agent))
    FailedSearch.objects.create(
        day=clock.today(house.place.zone),
        commune=house.place.commune,
        departement_code=house.place.departement_code,
        weekday=1,
        start_minute=19 * 60,
        end_minute=21 * 60,
        minutes=120,
        in_holidays=False,
        people=50,
        times=5,
    )


def shot(agent, name):
    if not SHOTS:
        return
    for width in (1280, 320):
        agent.page.set_viewport_size({"width": width, "height": 900})
        agent.page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    agent.page.set_viewport_size({"width": 1280, "height": 900})


def is_open_in_the_evening(space):
    day = term_evening(space.place)
    space = Space.objects.select_related("place").get(pk=space.pk)
    zone = space.place.zone
    evening = Period(local_instant(day, 1140, zone), local_instant(day, 1260, zone))
    return timeline(space, day, day + timedelta(days=1)).is_open(evening)


def look_at_the_village(agent, house):
    agent.go("/piloter/")
    agent.press("Capacité des lieux", role="link", exact=False)
    agent.assert_accessible()
    text = agent.page.get_by_role("main").inner_text().replace("\u00a0", " ")
    assert "2 espaces de 1 lieu" in text
    assert agent.page.get_by_role("img", name="en période scolaire").is_visible()
    agent.page.get_by_text("Les mêmes chiffres en tableau").first.click()
    assert agent.page.get_by_role("row", name="19 h").first.is_visible()
    assert house.place.name in text
    shot(agent, "overview")


def ask_another_question(agent):
    agent.fill("Territoire, lieu ou structure", "Nulle part du tout")
    agent.press("Afficher")
    assert "Aucun territoire, lieu ou structure" in agent.page.content()
    agent.assert_accessible()
    agent.fill("Territoire, lieu ou structure", "Isère")
    agent.page.get_by_label("Montrer").select_option("occupe")
    agent.press("Afficher")
    agent.assert_accessible()
    assert "Isère" in agent.page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_town_opens_the_evenings_that_people_ask_for(open_visitor, village, javascript):
    agent = open_visitor(javascript=javascript)
    agent.sign_in(village.agent.user, village.agent)
    look_at_the_village(agent, village)
    ask_another_question(agent)
    agent.go(reverse("places:detail", args=[village.place.pk]))
    agent.press("Heures ouvertes, occupées et libres", role="link")
    agent.assert_accessible()
    agent.press("Ouvrir davantage", role="link")
    agent.assert_accessible()
    shot(agent, "more")
    text = agent.page.get_by_role("main").inner_text().replace("\u00a0", " ")
    assert "1 demande refusée" in text
    assert "Chorale des Cimes" in text
    assert "5 recherches sans résultat" in text
    assert not is_open_in_the_evening(village.hall)
    agent.press(
        "Ouvrir ces heures : Salle des mariages, le soir en semaine, en période scolaire",
        role="link",
    )
    agent.assert_accessible()
    shot(agent, "open")
    agent.press("Ouvrir ces heures")
    agent.assert_accessible()
    assert is_open_in_the_evening(village.hall)
    agent.check()


def test_a_change_is_followed_and_the_impact_is_defined(visitor, village):
    visitor.sign_in(village.agent.user, village.agent)
    visitor.go(reverse("capacity:place_impact", args=[village.place.pk]))
    visitor.assert_accessible()
    visitor.fill("Ce qui a changé", "Ouverture le soir")
    today = clock.today(village.place.zone)
    visitor.fill("Depuis le", (today + timedelta(days=1)).isoformat())
    visitor.press("Suivre ce changement")
    assert visitor.page.locator("#erreurs").is_visible()
    visitor.assert_accessible()
    visitor.fill("Depuis le", (today - timedelta(days=60)).isoformat())
    visitor.press("Suivre ce changement")
    visitor.assert_accessible()
    assert "Ouverture le soir, depuis le" in visitor.page.content()
    shot(visitor, "before-after")
    visitor.go(reverse("capacity:impact"))
    visitor.assert_accessible()
    shot(visitor, "impact")
    text = visitor.page.get_by_role("main").inner_text()
    assert "aucune visite enregistrée" in text
    assert "Taux d’occupation" in text
