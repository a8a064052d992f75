"""The watch: what is followed, by whom, and what stands beside it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import workshops
from preau.initiatives.actions.workshops import WorkshopFacts
from preau.siting.actions import watch
from preau.siting.actions.watch import WatchFacts
from preau.siting.enums import WatchState
from preau.siting.merging import settle
from preau.siting.models import WatchItem
from preau.siting.personal_data import personal_data
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.projects.factories import ProjectFactory
from tests.siting.factories import ScenarioFactory, WatchItemFactory, computed, manager

pytestmark = pytest.mark.django_db


def actor(membership):
    return Actor(user=membership.user, membership=membership)


def test_a_gap_is_followed_once_until_closed():
    scenario = computed(study__visibility="publique")
    one = manager()
    item = watch.follow_gap(scenario, "09002", actor=actor(one))
    assert item.owner == one.user and item.area_key == "commune:09002"
    with pytest.raises(Refusal, match="déjà"):
        watch.follow_gap(scenario, "09002", actor=actor(one))
    watch.move(item, WatchState.CLOSED, actor=actor(one))
    watch.follow_gap(scenario, "09002", actor=actor(one))
    with pytest.raises(Refusal, match="déjà"):  # the closed one cannot come back beside it
        watch.move(item, WatchState.TO_FOLLOW, actor=actor(one))


def test_what_is_not_computed_yet_is_said(client):
    scenario = ScenarioFactory(study__visibility="publique")
    one = manager()
    with pytest.raises(Refusal, match="pas encore calculé"):
        watch.follow_gap(scenario, "09002", actor=actor(one))


def test_one_list_holds_gaps_and_what_workshops_decided(client):
    scenario = computed(study__visibility="publique")
    one = manager()
    cell = actor(one)
    watch.follow_gap(scenario, "09002", actor=cell)
    start = clock.now() + timedelta(days=1)
    facts = WorkshopFacts(
        "Que faire de la Halle ?",
        scenario.study.area_key,
        start,
        start + timedelta(hours=2),
        "Mairie",
    )
    workshop = workshops.announce(one.organization, facts, actor=cell)
    with clock.frozen(start):
        workshop = workshops.write_minutes(workshop, minutes="Vu.", actor=cell)
        workshops.add_conclusion(
            workshop, text="Suivre la friche", owner_name="Ana", due_on=start.date(), actor=cell
        )
    page = sign_in(client, one.user, one).get(reverse("siting:watch")).content.decode()
    followed = page[page.index("Sujets suivis") : page.index("Là où il manque des lieux")]
    assert "Village 2" in followed
    assert "Suivre la friche" in followed
    assert "Décidé à l’atelier « Que faire de la Halle ? »" in followed


def test_a_private_study_is_followed_by_its_own_alone():
    scenario = computed()
    with pytest.raises(Forbidden):
        watch.follow_gap(scenario, "09002", actor=actor(manager()))


def test_a_project_is_followed_by_who_reads_it():
    project = ProjectFactory(holder_organization=manager().organization)
    with pytest.raises(Forbidden):
        watch.follow_project(project, actor=actor(manager()))
    holder = manager(project.holder_organization)
    assert watch.follow_project(project, actor=actor(holder)).project == project


def test_states_carry_their_dates():
    item = WatchItemFactory()
    one = actor(manager(item.organization))
    watch.move(item, WatchState.ACTIVE, actor=one)
    item.refresh_from_db()
    assert item.started_at is not None
    watch.move(item, WatchState.CLOSED, actor=one)
    item.refresh_from_db()
    assert item.closed_at is not None
    with pytest.raises(Refusal, match="clos"):
        watch.move(item, WatchState.ACTIVE, actor=one)
    watch.move(item, WatchState.TO_FOLLOW, actor=one)
    item.refresh_from_db()
    assert item.closed_at is None


def test_only_keepers_of_the_organisation_write():
    item = WatchItemFactory()
    for stranger in (manager(), MembershipFactory(organization=item.organization, role="membre")):
        with pytest.raises(Forbidden):
            watch.move(item, WatchState.CLOSED, actor=actor(stranger))
        with pytest.raises(Forbidden):
            watch.edit(item, WatchFacts("Autre"), actor=actor(stranger))
    with pytest.raises(Refusal, match="structure"):
        facts = WatchFacts("Autre", owner_id=UserFactory().pk)
        watch.edit(item, facts, actor=actor(manager(item.organization)))


def test_the_page_shows_gaps_beside_what_is_followed(django_assert_max_num_queries):
    scenario = computed()
    one = manager(scenario.study.organization)
    WatchItemFactory(organization=one.organization)
    client = sign_in(Client(), one.user, one)
    page = client.get(reverse("siting:watch")).content.decode()
    assert "Un café associatif se prépare" in page and "Village 2" in page
    form = {"title": "Une ancienne poste", "note": "Appeler la mairie", "owner": one.user.pk}
    answer = client.post(reverse("siting:watch_add"), form)
    assert answer.status_code == 302, answer.context["form"].errors
    assert WatchItem.objects.get(title="Une ancienne poste").owner == one.user
    for _ in range(5):
        WatchItemFactory(organization=one.organization)
    with django_assert_max_num_queries(30):
        client.get(reverse("siting:watch"))


def test_an_association_sees_whose_page_it_is():
    one = MembershipFactory()
    page = sign_in(Client(), one.user, one).get(reverse("siting:watch"))
    assert "Réservé" in page.content.decode()


def test_what_two_merged_organisations_followed_is_followed_once():
    project = ProjectFactory(holder_organization=manager().organization)
    kinds = {"kind": "projet", "project": project}
    gone, kept = WatchItemFactory(**kinds), WatchItemFactory(**kinds)
    gap = {"kind": "manque", "area_key": "commune:09002"}
    WatchItemFactory(organization=gone.organization, **gap)
    WatchItemFactory(organization=kept.organization, **gap)
    settle(gone.organization, kept.organization)
    WatchItem.objects.filter(organization=gone.organization).update(organization=kept.organization)
    live = WatchItem.objects.exclude(state=WatchState.CLOSED)
    assert live.filter(organization=kept.organization).count() == 2


def test_a_person_takes_away_what_is_kept_about_them():
    item = WatchItemFactory(owner=UserFactory())
    assert personal_data(item.owner)["sujets de veille suivis"] == [
        {"objet": item.title, "état": "À suivre"}
    ]
