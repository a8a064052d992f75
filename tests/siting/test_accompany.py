"""What a project about a place is told: sites, partners, catchment, the last study."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.directory.models import Sheet
from preau.resources.enums import Theme
from preau.siting.queries.accompany import advice
from tests.accounts.factories import OrganizationFactory, sign_in
from tests.availability.factories import open_space
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.projects.factories import ProjectFactory
from tests.siting.factories import computed, manager, row_of_communes

pytestmark = pytest.mark.django_db


def counter(commune, slug="guichet", **changes):
    return Sheet.objects.create(
        **{
            "slug": slug, "name": "Guichet", "state": "publiee", "kind": "maison_services",
            "commune": commune, "departement_code": "09", "latitude": commune.latitude,
            "longitude": commune.longitude, "time_zone": "Europe/Paris",
        }
        | changes
    )  # fmt: skip


def project_at(commune, holder, **changes):
    return ProjectFactory(
        **{
            "lead_commune": commune, "themes": [Theme.SERVICES_PUBLICS],
            "latitude": commune.latitude, "longitude": commune.longitude,
            "departement_code": "09", "departement_codes": ["09"],
            "holder_organization": holder.organization,
        }
        | changes
    )  # fmt: skip


def test_a_project_learns_of_its_catchment_sites_and_partners():
    villages = row_of_communes()
    holder = manager(commune=villages[1])
    place = PlaceFactory(owner=holder.organization, commune=villages[2], name="Mairie annexe",
                         latitude=43.0, longitude=1.0 + 0.123 * 3)  # fmt: skip
    open_space(SpaceFactory(place=place, name="Bureau d’accueil", kind="bureau"))
    counter(villages[2])
    counter(villages[7], "loin")
    counter(villages[1], "atelier", main_profile="creation")
    neighbour = OrganizationFactory(verified=True, name="Entraide", commune=villages[0])
    OrganizationFactory(name="Inconnue", commune=villages[0])  # not verified
    scenario = computed(study__organization=holder.organization, places=1, counts_existing=False)
    project = project_at(villages[1], holder)
    found = advice(Actor(user=holder.user, membership=holder), project)
    assert found.catchment.population == 600 and found.catchment.existing == 1
    assert found.catchment.people_a_place == 600
    names = [one.name for one in found.partners]
    assert names == ["Guichet", neighbour.name]
    [site] = found.sites
    assert site.name == "Bureau d’accueil" and any("libre" in one for one in site.reasons)
    assert any("sans lieu de ce profil" in one for one in site.reasons)
    assert found.study == scenario and "comblerait un manque" in found.verdict


def test_a_private_study_informs_its_own_alone():
    villages = row_of_communes()
    computed()
    stranger = manager()
    project = project_at(villages[1], stranger)
    assert advice(Actor(user=stranger.user, membership=stranger), project).study is None
    public = computed(study__visibility="publique")
    assert advice(Actor(user=stranger.user, membership=stranger), project).study == public


def test_a_project_about_no_place_is_told_nothing():
    villages = row_of_communes()
    holder = manager()
    assert advice(Actor(), project_at(villages[0], holder, themes=[Theme.ENERGIE])) is None


def test_the_panel_is_on_the_page_of_who_may_read_the_project():
    villages = row_of_communes()
    holder = manager(commune=villages[1])
    project = project_at(villages[1], holder)
    address = reverse("projects:sheet", args=[project.key])
    page = sign_in(Client(), holder.user, holder).get(address)
    assert "Le lieu et son territoire" in page.content.decode()
    stranger = manager()
    assert sign_in(Client(), stranger.user, stranger).get(address).status_code in {403, 404}


def test_the_cost_does_not_follow_what_is_found():
    villages = row_of_communes()
    holder = manager(commune=villages[1])
    project = project_at(villages[1], holder)
    actor = Actor(user=holder.user, membership=holder)

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            advice(actor, project)
        return len(seen)

    counter(villages[1])
    OrganizationFactory(verified=True, commune=villages[0])
    computed(study__organization=holder.organization)
    before = statements()
    for rank in range(5):
        counter(villages[2], f"autre-{rank}")
        OrganizationFactory(verified=True, commune=villages[2])
        computed(study__organization=holder.organization)
    assert statements() == before
