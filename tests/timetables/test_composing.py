"""Composing from the tables, by hand, by a worker."""

from datetime import timedelta

import pytest

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.perms import allowed
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.core.timeranges import Period, local_instant
from preau.timetables import building, tasks
from preau.timetables.actions import composing, preparing
from preau.timetables.building import build
from preau.timetables.enums import RunState, TimetableState
from preau.timetables.models import Run, Session
from preau.timetables.queries import grid as grids
from preau.timetables.queries.conflicts import conflicts, unplaced
from tests.accounts.factories import MembershipFactory, OrganizationFactory, sign_in
from tests.places.factories import SpaceFactory, hall_in_thirds, pool
from tests.territories.factories import CommuneFactory
from tests.timetables.factories import Territory

pytestmark = pytest.mark.django_db


def test_a_grid_is_composed_within_the_hours_and_its_gap_is_said():
    land = Territory()
    land.need(sessions=3)
    land.candidate()
    run = land.compose()
    sessions = grids.sessions_of(land.timetable)
    assert len(sessions) == 3
    assert land.timetable.state == TimetableState.PROPOSED
    assert all(one.start >= 9 * 60 and one.end <= 18 * 60 for one in sessions)
    assert conflicts(build(land.timetable), sessions) == []
    assert run.bound >= run.value > 0
    assert "mieux" in grids.gap_words(run.gap)


def test_time_taken_on_most_weeks_is_not_offered():
    land = Territory()
    land.need(sessions=5, minutes=180)
    land.candidate()
    zone = land.place.zone
    for week in range(8):  # every Monday morning of the season
        day = land.timetable.first_day + timedelta(weeks=week)
        morning = Period(local_instant(day, 540, zone), local_instant(day, 780, zone))
        occupy(land.space, morning, Use(OccupancyKind.OWN_USE, "Conseil"), actor=land.actor)
    land.compose()
    for one in land.timetable.sessions.all():
        assert not (one.day == 0 and one.start < 780)


def test_time_taken_once_stays_offered_at_ninety_percent_or_below():
    land = Territory(least_share=80)
    zone, day = land.place.zone, land.timetable.first_day
    morning = Period(local_instant(day, 540, zone), local_instant(day, 780, zone))
    occupy(land.space, morning, Use(OccupancyKind.OWN_USE, "Conseil"), actor=land.actor)
    land.need()
    land.candidate()
    assert build(land.timetable).problem.rooms[0].free[0] >> 36 & 1
    land.timetable.least_share = 95
    assert not build(land.timetable).problem.rooms[0].free[0] >> 36 & 1


def test_pinned_sittings_stay_and_the_rest_moves_around_them():
    land = Territory()
    need = land.need(sessions=2)
    candidate = land.candidate()
    pinned = composing.place(need, candidate, 2, 14 * 60, actor=land.actor)
    land.compose()
    assert Session.objects.filter(pk=pinned.pk, is_pinned=True, day=2, start=840).exists()
    assert land.timetable.sessions.count() == 2


def test_what_is_forbidden_is_not_proposed_again():
    land = Territory()
    need = land.need(sessions=1)
    land.candidate()
    land.compose()
    first = land.timetable.sessions.get()
    preparing.forbid(need, place=None, half_day=first.half_day, actor=land.actor)
    assert not land.timetable.sessions.exists()
    land.compose()
    assert land.timetable.sessions.get().half_day != first.half_day


def test_services_that_cannot_be_placed_say_why():
    land = Territory()
    land.need("Entretien confidentiel", needs_closed_room=True)
    land.need("Réunion publique", capacity=400)
    land.need("Week-end", weekdays=[6])
    land.candidate()
    land.need("Accueil")
    land.compose()
    built = build(land.timetable)
    why = {one.need.label: one.why for one in unplaced(built, grids.sessions_of(land.timetable))}
    assert "pièce fermée" in why["Entretien confidentiel"]
    assert "assez grand" in why["Réunion publique"]
    assert "aucun créneau" in why["Week-end"]
    assert "Accueil" not in why


def test_conflicts_made_by_hand_are_shown():
    land = Territory()
    one, other = land.need("Un"), land.need("Autre")
    candidate = land.candidate()
    composing.place(one, candidate, 0, 540, actor=land.actor)
    second = composing.place(other, candidate, 0, 600, actor=land.actor)
    found = conflicts(build(land.timetable), grids.sessions_of(land.timetable))
    assert {conflict.code for conflict in found} == {"taken"}
    composing.move(second, candidate, 0, 19 * 60, actor=land.actor)
    found = conflicts(build(land.timetable), grids.sessions_of(land.timetable))
    assert [conflict.code for conflict in found] == ["closed"]


def test_a_mediator_is_in_one_place_at_a_time():
    land = Territory()
    space, _ = land.other_place()
    mediator = preparing.save_mediator(
        land.timetable,
        {"name": "Inès", "weekdays": [1], "part": "matin", "most_places": 1},
        actor=land.actor,
    )
    first = land.need("Un", mediator=mediator, sessions=1, minutes=60)
    second = land.need("Deux", mediator=mediator, sessions=1, minutes=60)
    a, b = land.candidate(), land.candidate(space)
    land.compose()
    assert {one.day for one in land.timetable.sessions.all()} == {1}
    land.timetable.sessions.all().delete()
    composing.place(first, a, 1, 540, actor=land.actor)
    composing.place(second, b, 1, 660, actor=land.actor)
    found = conflicts(build(land.timetable), grids.sessions_of(land.timetable))
    assert {one.code for one in found} == {"places"}


def test_two_weeks_of_a_cycle_differ():
    land = Territory(cycle=2)
    land.need(sessions=14, minutes=240)
    land.candidate()
    land.compose()
    days = {one.day for one in land.timetable.sessions.all()}
    assert max(days) >= 7
    assert min(days) < 7


def test_parts_of_one_hall_are_not_kept_together_nor_desks():
    land = Territory()
    hall = hall_in_thirds(land.place)
    third = hall.parts.order_by("pk").first()
    land.candidate(hall)
    with pytest.raises(Refusal, match="même salle"):
        land.candidate(third)
    with pytest.raises(Refusal, match="postes"):
        land.candidate(pool(land.place, 4))


def test_a_worker_improves_and_the_grid_waits_for_it(transactional_db):
    land = Territory()
    land.need(sessions=4)
    land.candidate()
    land.compose()
    run = composing.begin_improving(land.timetable, 30, actor=land.actor)
    land.timetable.refresh_from_db()
    assert land.timetable.state == TimetableState.COMPUTING
    with pytest.raises(Refusal, match="calcul est en cours"):
        land.need("Encore un")
    composing.work(run.pk)
    run.refresh_from_db()
    land.timetable.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.bound >= run.value
    assert land.timetable.state == TimetableState.PROPOSED
    composing.work(run.pk)  # told twice: nothing more
    assert land.timetable.sessions.count() == 4


def test_only_one_computation_at_a_time():
    land = Territory()
    land.need()
    land.candidate()
    composing.begin_improving(land.timetable, 30, actor=land.actor)
    with pytest.raises(Refusal, match="calcul est en cours"):
        composing.begin_improving(land.timetable, 30, actor=land.actor)


def test_a_worker_that_died_unlocks_the_grid():
    land = Territory()
    land.need()
    land.candidate()
    run = composing.begin_improving(land.timetable, 30, actor=land.actor)
    assert tasks.give_up_dead_runs(0) == 0
    began = clock.now() - timedelta(hours=1)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=began)
    assert tasks.give_up_dead_runs(0) == 1
    land.timetable.refresh_from_db()
    run.refresh_from_db()
    assert land.timetable.state == TimetableState.DRAFT
    assert run.state == RunState.FAILED


def test_a_run_that_waits_behind_others_is_not_dead():
    land = Territory()
    land.need()
    land.candidate()
    run = composing.begin_improving(land.timetable, 30, actor=land.actor)
    Run.objects.filter(pk=run.pk).update(created_at=clock.now() - timedelta(hours=1))
    assert tasks.give_up_dead_runs(0) == 0
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, started_at=clock.now())
    assert tasks.give_up_dead_runs(0) == 0
    lost = clock.now() - timedelta(days=2)
    Run.objects.filter(pk=run.pk).update(state=RunState.WAITING, started_at=None, created_at=lost)
    assert tasks.give_up_dead_runs(0) == 1


def test_versions_are_compared_and_come_back():
    land = Territory()
    need = land.need(sessions=1)
    land.candidate()
    first = land.compose()
    where = land.timetable.sessions.get()
    preparing.forbid(need, place=None, half_day=where.half_day, actor=land.actor)
    second = land.compose()
    changes = grids.compare(land.timetable, first, second)
    assert [one.need for one in changes] == [need]
    assert changes[0].first != changes[0].second
    composing.restore(first, actor=land.actor)
    assert land.timetable.sessions.get().half_day == where.half_day


def test_only_managers_of_a_public_organisation_compose():
    land = Territory()
    member = MembershipFactory(organization=land.town, role=MembershipRole.MEMBER)
    reader = Actor(member.user, member)
    assert allowed(reader, "timetable.read", land.timetable)
    with pytest.raises(Forbidden):
        composing.compose(land.timetable, actor=reader)
    association = MembershipFactory(organization=OrganizationFactory(verified=True))
    with pytest.raises(Forbidden):
        preparing.create({}, actor=Actor(association.user, association))


def test_a_grid_changed_meanwhile_is_not_overwritten():
    land = Territory()
    land.need()
    land.candidate()
    land.timetable.refresh_from_db()
    stale = type(land.timetable).objects.get(pk=land.timetable.pk)
    land.need("Un autre")
    with pytest.raises(Refusal, match="pendant le calcul"):
        composing.compose(stale, actor=land.actor)


def test_the_page_asks_few_questions(client, django_assert_max_num_queries):
    land = Territory()
    for number in range(6):
        land.need(f"Service {number}", sessions=2, minutes=60)
    for _ in range(4):
        space = SpaceFactory(place=land.place, capacity=20)
        from tests.availability.factories import open_space

        open_space(space)
        land.candidate(space)
    land.compose()
    sign_in(client, land.actor.user, land.membership)
    page = f"/piloter/permanences/{land.timetable.key}/"
    with django_assert_max_num_queries(50):
        assert client.get(page).status_code == 200
    with django_assert_max_num_queries(33):
        assert client.get(page).status_code == 200


def test_a_page_reads_the_season_once_for_each_version(client, monkeypatch):
    land = Territory()
    land.need()
    land.candidate()
    land.compose()
    sign_in(client, land.actor.user, land.membership)
    read = []
    real = building.timelines
    monkeypatch.setattr(building, "timelines", lambda *given: read.append(1) or real(*given))
    page = f"/piloter/permanences/{land.timetable.key}/"
    for _ in range(3):
        assert client.get(page).status_code == 200
    assert len(read) == 1
    composing.pin([land.timetable.sessions.first()], pinned=True, actor=land.actor)
    assert client.get(page).status_code == 200
    assert len(read) == 2
    land.compose()  # what is computed is read again
    assert len(read) == 3


def test_of_too_many_communes_the_most_inhabited_near_a_place_are_counted(monkeypatch):
    land = Territory()
    land.candidate()
    here = {"departement": land.commune.departement, "latitude": land.place.latitude}
    for number, people in enumerate((40, 900, 70)):
        CommuneFactory(**here, code=f"3890{number}", longitude=land.place.longitude,
                       population=people)  # fmt: skip
    CommuneFactory(**here, code="38910", longitude=land.place.longitude + 1, population=99000)
    monkeypatch.setattr(building, "MOST_COMMUNES", 2)
    assert build(land.timetable).reachable == 5000 + 900
