"""Suggestions: the same for the same world, explained, and what people decide of them is kept."""

import random
from datetime import timedelta

import pytest

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.core.errors import Refusal
from preau.places.enums import Equipment, Publication, SpaceKind
from preau.places.models import SpaceEquipment
from preau.projects import needs
from preau.projects.actions import recommendations, replies
from preau.projects.actions.replies import Reply
from preau.projects.enums import BlockageState, ProjectState, RecommendationState
from preau.projects.models import Absence, ServiceMember, ThemeRule
from preau.projects.needs import PlaceNeed
from preau.projects.suggestions import decisions, weights
from preau.projects.suggestions.engine import suggest
from preau.resources.enums import BlockageKind, HelpKind, ResourceKind
from preau.resources.models import Resource
from tests.availability.factories import open_space
from tests.booking.factories import booking
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.projects.factories import (
    ProjectFactory,
    blockage,
    days_ago,
    holder,
    pair_of,
)
from tests.resources.factories import published

pytestmark = pytest.mark.django_db
THURSDAY = PlaceNeed(people=30, weekday=3, start_minute=18 * 60, minutes=120)


@pytest.fixture
def project():
    return ProjectFactory(
        state=ProjectState.ACCOMPANIED,
        themes=["energie", "education"],
        holder_organization=holder().organization,
    )


def today():
    return clock.today()


def ids(one):
    return [suggestion.id for suggestion in suggest(one, on=today())]


def find(one, prefix):
    return [found for found in suggest(one, on=today()) if found.id.startswith(prefix)]


# --- Stability


def test_the_same_world_gives_the_same_list(project):
    one = blockage(project)
    for n in range(8):
        published(themes=random.Random(n).sample(["energie", "education", "sante"], 2))
    assert ids(one) == ids(one) != []


@pytest.mark.parametrize("seed", range(6))
def test_ids_do_not_depend_on_what_else_there_is(project, seed):
    """Records come in another order, others come: each keeps its id, reasons and points."""
    chance = random.Random(seed)
    one = blockage(project)
    first = [published(title=f"Aide {n}", themes=["energie"]) for n in range(chance.randint(2, 4))]
    before = {found.id: (found.score, found.reasons) for found in suggest(one, on=today())}
    assert set(before) == {f"resource:{aid.pk}" for aid in first}
    for n in range(chance.randint(1, 5)):
        published(title=f"Autre {n}", themes=chance.choice([["sante"], ["energie", "sante"]]))
    Resource.objects.filter(pk=chance.choice(first).pk).update(updated_at=clock.now())
    after = {found.id: (found.score, found.reasons) for found in suggest(one, on=today())}
    assert before.items() <= after.items()


def test_points_and_reasons_are_what_they_say(project):
    published(themes=["energie"], audiences=["commune"], phases=[project.phase])
    found = find(blockage(project), "resource:")[0]
    assert 0 < found.score <= 100
    said = " ".join(found.reasons)
    assert "financement" in said
    assert "transition énergétique" in said
    assert "Commune".lower() in said
    assert all(reason.endswith(".") for reason in found.reasons)


def test_noise_is_not_shown_and_lists_are_short(project):
    for n in range(20):
        published(title=f"Aide {n}", themes=["energie"])
    assert len(ids(blockage(project))) == weights.MOST_OF_A_KIND


@pytest.mark.parametrize(
    "wrong",
    [
        {"themes": ["sport"]},
        {"blockage_kinds": ["foncier"]},
        {"areas": ["departement:26"]},
        {"expires_on": days_ago(1).date()},
        {"audiences": ["farmer"]},
    ],
)
def test_what_does_not_fit_is_not_proposed(project, wrong):
    if "areas" in wrong:
        wrong = wrong | {"reach": 2}
    published(**({"themes": ["energie"]} | wrong))
    assert ids(blockage(project)) == []


# --- What helped others


def test_what_helped_nearby_counts_and_names_nobody(project, agent):
    aid = published(themes=["energie"])
    alone = find(blockage(project), "resource:")[0].score
    neighbour = ProjectFactory(
        name="La chaufferie de Voreppe",
        state=ProjectState.ACCOMPANIED,
        lead_commune=project.lead_commune,
    )
    their = blockage(neighbour)
    made = recommendations.draft(
        neighbour,
        recommendations.Advice(HelpKind.FUNDING, "L’aide", "Elle convient."),
        blockage=their,
        actor=agent,
    )
    type(made).objects.filter(pk=made.pk).update(resource=aid)
    recommendations.send([made], actor=agent)
    replies.answer(made, Reply(RecommendationState.REALISED), actor=SYSTEM)
    type(their).objects.filter(pk=their.pk).update(
        state=BlockageState.LIFTED, ended_at=clock.now(), end_reason="Obtenue."
    )
    found = find(blockage(project, title="autre"), "resource:")[0]
    assert found.score == alone + weights.HELPED_NEARBY
    said = " ".join(found.reasons)
    assert "50 km" in said
    assert "Voreppe" not in said


# --- Services


def test_somebody_who_follows_the_theme(project, agent):
    ddt = pair_of(project.lead_commune).ddt
    member = ServiceMember.objects.create(
        service=ddt, user=agent.user, themes=["energie"], function="Chargée de rénovation"
    )
    one = blockage(project, BlockageKind.REGLEMENTAIRE)
    found = find(one, "person:")
    assert [suggestion.id for suggestion in found] == [f"person:{member.pk}"]
    assert agent.user.email in found[0].contact
    Absence.objects.create(
        user=agent.user, service=ddt, first_day=today(), last_day=today() + timedelta(days=3)
    )
    assert "Absence" in find(one, "person:")[0].cautions[0]


def test_a_service_that_a_rule_names(project):
    pair = pair_of(project.lead_commune)
    ThemeRule.objects.create(
        departement=project.lead_commune.departement, theme="education", service=pair.prefecture
    )
    found = find(blockage(project, BlockageKind.REGLEMENTAIRE), "service:")
    assert [one.id for one in found] == [f"service:{pair.prefecture.pk}"]


# --- Places


def free_space(project, **fields):
    place = PlaceFactory(commune=project.lead_commune)
    space = SpaceFactory(place=place, **fields)
    open_space(space)
    return space


def in_need(project, need=THURSDAY):
    return blockage(project, BlockageKind.FONCIER, need=need.to_json())


def test_free_spaces_that_fit_the_need(project):
    right = free_space(project)
    free_space(project, capacity=10)  # too small
    free_space(project, publication=Publication.DRAFT)
    SpaceFactory(place=PlaceFactory(commune=project.lead_commune))  # never open
    found = find(in_need(project), "space:")
    assert [one.id for one in found] == [f"space:{right.pk}"]
    assert found[0].kind == HelpKind.PLACE
    assert f"projet={project.key}" in found[0].url
    said = " ".join(found[0].reasons)
    assert "jeudi" in said
    assert "18 h" in said.replace("\u00a0", " ")
    assert "4 jours sur 4" in said


def test_no_place_unless_one_is_asked_for(project):
    free_space(project)
    assert find(blockage(project, BlockageKind.FONCIER), "space:") == []


def test_a_taken_thursday_is_not_free(project):
    space = free_space(project)
    one = in_need(project)
    days = [today() + timedelta(days=n) for n in range(1, 29)]
    thursday = next(day for day in days if day.weekday() == 3)
    booking(space, days=(thursday - clock.today(space.place.zone)).days, start=18, end=20)
    assert "3 jours sur 4" in " ".join(find(one, "space:")[0].reasons)


def test_equipment_kind_and_distance_are_asked(project):
    space = free_space(project, kind=SpaceKind.CUISINE)
    for need, is_found in [
        (PlaceNeed(10, equipment=1 << Equipment.KITCHEN), False),
        (PlaceNeed(10, kinds=(SpaceKind.CUISINE,)), True),
        (PlaceNeed(10, kinds=(SpaceKind.BUREAU,)), False),
        (PlaceNeed(10, weekday=6, start_minute=23 * 60, minutes=60), True),
    ]:
        one = blockage(project, BlockageKind.FONCIER, title=str(need), need=need.to_json())
        assert bool(find(one, "space:")) is is_found, need
    SpaceEquipment.objects.create(space=space, kind=Equipment.KITCHEN)
    type(project).objects.filter(pk=project.pk).update(latitude=48.0, longitude=2.0)
    far = in_need(project)
    far.project.refresh_from_db()
    assert find(far, "space:") == []


@pytest.mark.parametrize("kept", [{}, {"people": 3}, {"people": "8", "start": "18:30", "km": 900}])
def test_a_need_is_read_whatever_was_kept(kept):
    read = needs.read(kept)
    assert (read is None) is (kept == {})
    if read:
        assert needs.read(read.to_json()) == read
        assert read.km <= 50


# --- What people decide


def test_decisions_hold_when_suggestions_are_computed_again(project, agent):
    kept, gone, sent = [published(title=f"Aide {n}", themes=["energie"]) for n in range(3)]
    one = blockage(project)
    by_id = {found.id: found for found in suggest(one, on=today())}
    recommendations.discard_suggestion(
        one, by_id[f"resource:{gone.pk}"], reason="Refusée l’an dernier.", actor=agent
    )
    recommendations.send_as_is(one, by_id[f"resource:{sent.pk}"], actor=agent)
    published(title="Une nouvelle", themes=["sante"])
    left = decisions.left(one, on=today())
    assert [found.id for found in left.open] == [f"resource:{kept.pk}"]
    assert [(found.id, line.reason) for found, line in left.discarded] == [
        (f"resource:{gone.pk}", "Refusée l’an dernier.")
    ]
    other = blockage(project, title="Un autre")
    again = {found.id for found in decisions.left(other, on=today()).open}
    assert again == {f"resource:{kept.pk}", f"resource:{gone.pk}"}


def test_a_suggestion_that_is_gone_says_so(project):
    one = blockage(project)
    with pytest.raises(Refusal) as refused:
        decisions.find(one, "resource:999999", on=today())
    assert refused.value.code == "gone"


def test_the_cost_does_not_grow_with_the_library(project, django_assert_max_num_queries):
    for n in range(12):
        published(title=f"Aide {n}", kind=ResourceKind.AID, themes=["energie"])
        free_space(project)
    one = in_need(project)
    with django_assert_max_num_queries(17):
        suggest(one, on=today())
