"""The menu: what each one needs and no more, the hub lit, one button on a telephone."""

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import navigation
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db


def menu(membership=None, user=None, path="/"):
    request = RequestFactory().get(path)
    request.user = user or membership.user
    request.actor = Actor(request.user, membership)
    return {one.label: one.current for one in navigation.items(request)}


def member(kind, role=MembershipRole.ADMINISTRATOR):
    return MembershipFactory(organization=OrganizationFactory(kind=kind), role=role)


def test_somebody_for_themself_has_neither_places_nor_a_territory():
    seen = menu(user=UserFactory())
    assert "Mes projets" in seen
    assert not {"Gérer", "Mes lieux", "Piloter"} & set(seen)


@pytest.mark.parametrize(
    "kind", [OrganizationKind.ASSOCIATION, OrganizationKind.COMPANY, OrganizationKind.STATE_SERVICE]
)
def test_a_structure_without_a_place_is_not_told_of_places(kind):
    one = member(kind)
    assert not {"Gérer", "Mes lieux"} & set(menu(one))
    PlaceFactory(owner=one.organization)
    assert {"Gérer", "Mes lieux"} <= set(menu(one))


def test_a_commune_has_its_places_projects_and_territory():
    assert {"Gérer", "Mes lieux", "Mes projets", "Piloter"} <= set(
        menu(member(OrganizationKind.COMMUNE))
    )


def test_a_caretaker_opens_and_closes_and_does_not_steer():
    seen = menu(member(OrganizationKind.COMMUNE, MembershipRole.CARETAKER))
    assert {"Gérer", "Mes lieux"} <= set(seen)
    assert not {"Piloter", "Mes projets"} & set(seen)


def test_a_service_of_the_state_files_no_project():
    seen = menu(member(OrganizationKind.STATE_SERVICE))
    assert "Piloter" in seen
    assert "Mes projets" not in seen


def test_a_page_below_a_hub_lights_it_and_nothing_else():
    one = member(OrganizationKind.COMMUNE)
    for name, hub in (
        ("timetables:list", "Piloter"),
        ("mediation:mine", "Piloter"),
        ("siting:list", "Piloter"),
        ("initiatives:kits", "Proposer"),
        ("places:list", "Mes lieux"),
    ):
        lit = [label for label, current in menu(one, path=reverse(name)).items() if current]
        assert lit == [hub], name


def test_the_breadcrumb_says_the_hub_once(client):
    one = member(OrganizationKind.COMMUNE)
    sign_in(client, one.user, one)
    for name in ("timetables:list", "siting:list", "economics:allocations", "mediation:mine"):
        page = client.get(reverse(name)).content.decode()
        trail = page[page.index('aria-label="Vous êtes ici"') :]
        trail = trail[: trail.index("</nav>")]
        assert re.findall(r">([^<>]+)</a>", trail) == ["Accueil", "Piloter"], name
    hub = client.get(reverse("portal:steer")).content.decode()
    assert hub.count(f'<a href="{reverse("portal:steer")}">Piloter</a>') == 0


def test_under_600_pixels_one_button_opens_menu_and_account(client):
    one = member(OrganizationKind.COMMUNE)
    sign_in(client, one.user, one)
    page = client.get("/").content.decode()
    folded = page[page.index("<details") : page.index("</details>")]
    assert "<summary" in folded
    for words in ("Trouver", "Mes lieux", "Se déconnecter", str(one.user)):
        assert words in folded
