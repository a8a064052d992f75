"""No view of many projects shows one that its reader may not read: against one by one."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from preau.accounts.enums import Role
from preau.accounts.middleware import ACTING_MEMBERSHIP
from preau.accounts.perms import allowed
from preau.core import clock
from preau.portfolio.filters import DORMANT_DAYS, Filters
from preau.portfolio.queries import board, listing
from preau.projects import standing
from preau.projects.enums import LIVE, STILL_BLOCKING, PhaseStatus, ProjectState
from preau.projects.models import Project
from tests.portfolio.world import Country

pytestmark = pytest.mark.django_db
VIEW = "40,-10,52,10"


def client_of(actor):
    client = Client()
    client.force_login(actor.user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[ACTING_MEMBERSHIP] = actor.membership.pk if actor.membership else None
    session.save()
    return client


def readable(actor, projects):
    """One by one, by the permission of the sheet."""
    standing.forget(actor)
    return {one.pk for one in projects if allowed(actor, "project.read", one)}


def inside(actor, project):
    return bool(
        standing.roles_on_project(actor, project.permission_scope)
        & {Role.STATE, Role.STATE_READER, Role.AGENT}
    )


@pytest.mark.parametrize("seed", range(3))
def test_lists_say_what_permissions_say(seed):
    country = Country(seed)
    for name, actor in country.actors.items():
        right = readable(actor, country.projects)
        assert set(standing.visible_to(actor).values_list("pk", flat=True)) == right, name
        assert standing.visible_to(actor).count() == len(right), name
        within = {one.pk for one in country.projects if inside(actor, one)}
        assert set(standing.state_side_to(actor).values_list("pk", flat=True)) == within, name


def test_what_is_foreseen_is_what_would_be_asked(django_assert_num_queries):
    country = Country(5)
    for name, actor in country.actors.items():
        standing.forget(actor)
        asked = {
            one.pk: standing.roles_on_project(actor, one.permission_scope)
            for one in country.projects
        }
        standing.forget(actor)
        standing.foresee(actor, asked)
        with django_assert_num_queries(0):
            seen = {
                one.pk: standing.roles_on_project(actor, one.permission_scope)
                for one in country.projects
            }
        assert seen == asked, name


def test_no_page_and_no_file_shows_what_may_not_be_read():
    """Names are unique: each is looked for in everything that the person is sent."""
    country = Country(7)
    for number, project in enumerate(country.projects):
        project.name = f"Secret{number:03d}secret"
        project.save(update_fields=["name"])
    for name, actor in country.actors.items():
        client, right = client_of(actor), readable(actor, country.projects)
        shown = ""
        for view in ("projects", "board", "map"):
            shown += client.get(reverse(f"portfolio:{view}")).content.decode()
            shown += client.get(reverse(f"portfolio:{view}"), {"texte": "Secret"}).content.decode()
        points = client.get(reverse("portfolio:points"), {"vue": VIEW, "zoom": "18"})
        shown += points.content.decode()
        exported = client.get(reverse("portfolio:export_csv")).getvalue().decode("utf-8-sig")
        for project in country.projects:
            if project.pk not in right:
                assert project.name not in shown, (name, project.state)
                assert project.reference not in shown + exported, (name, project.state)
        rows = list(csv.DictReader(io.StringIO(exported), delimiter=";"))
        assert {row["Référence"] for row in rows} == {
            one.reference for one in country.projects if one.pk in right
        }, name
        squares = json.loads(points.content)["squares"]
        assert sum(one["n"] for one in squares) == len(right), name


def test_what_the_state_decided_is_not_told_to_others():
    country = Country(11, projects=60)
    decided = [one for one in country.projects if one.priority]
    assert decided
    for name, actor in country.actors.items():
        standing.forget(actor)
        mine = readable(actor, decided)
        lines = listing.lines_of(mine, actor)
        told = {line.project.pk for line in lines if line.priority}
        assert told == {one.pk for one in decided if one.pk in mine and inside(actor, one)}, name
        found = Filters(priority="haute").of(actor)
        assert set(found.values_list("pk", flat=True)) <= told, name
        exported = client_of(actor).get(reverse("portfolio:export_csv")).getvalue().decode()
        assert exported.count("Subvention.") == len(told), name
        if not standing.state_side_to(actor).exists():
            assert "Priorité" not in exported, name


def matches(project, filters, now):
    """The filters again, in plain Python."""
    standing = project.blockages.filter(state__in=STILL_BLOCKING)
    blocked = project.state in LIVE and standing.exists()
    live = project.state in LIVE
    late = live and (
        (project.due_on is not None and project.due_on < now.date())
        or (
            project.state == ProjectState.DEPOSITED
            and project.acknowledge_by is not None
            and project.acknowledge_by < now
        )
        or project.phase_status == PhaseStatus.LATE
    )
    quiet = project.updated_at < now - timedelta(days=DORMANT_DAYS)
    programmes = set(project.programmes.filter(until=None).values_list("programme", flat=True))
    return (
        (not filters.states or project.state in filters.states)
        and (not filters.phase or project.phase == filters.phase)
        and (not filters.theme or filters.theme in project.themes)
        and (filters.crte is None or project.crte_id == filters.crte.pk)
        and (filters.programme is None or filters.programme in programmes)
        and (filters.commune is None or project.communes.filter(commune=filters.commune).exists())
        and (not filters.words or filters.words.lower() in project.name.lower())
        and (not filters.blocked or blocked)
        and (not filters.late or late)
        and (not filters.dormant or (live and quiet and project.paused_at is None))
    )


def test_filters_keep_what_they_say(monkeypatch):
    country = Country(13, projects=60)
    draw, now = country.draw, clock.now()
    monkeypatch.setattr(listing, "PAGE", 7)
    asked = [
        Filters(
            words=draw.choice(["", "", "Halle", "Verger"]),
            states=tuple(draw.sample([one.value for one in ProjectState], draw.choice([0, 2, 4]))),
            phase=draw.choice(["", "idee", "etude"]),
            theme=draw.choice(["", "", "energie", "sport"]),
            programme=draw.choice([None, None, country.programmes[0].pk]),
            crte=draw.choice([None, None, country.crtes[0]]),
            commune=draw.choice([None, None, country.communes[0]]),
            blocked=draw.random() < 0.2,
            late=draw.random() < 0.2,
            dormant=draw.random() < 0.2,
        )
        for _ in range(60)
    ]
    with clock.frozen(now):
        for filters in asked:
            actor = draw.choice(list(country.actors.values()))
            right = readable(actor, country.projects)
            wanted = [
                one
                for one in country.projects
                if one.pk in right and matches(Project.objects.get(pk=one.pk), filters, now)
            ]
            wanted.sort(key=lambda one: (one.updated_at, one.pk), reverse=True)
            assert walked(filters, actor) == [one.pk for one in wanted], filters
            assert listing.asked(filters, actor)[1] == len(wanted), filters
            for column in board.columns(filters, actor):
                held = [one.pk for one in wanted if one.state == column.state]
                assert [line.project.pk for line in column.lines] == held[: board.NEWEST]
                assert column.total == len(held)


def walked(filters, actor):
    """Every page of the list, one after the other."""
    keys, after = [], ""
    while True:
        page, _ = listing.asked(filters, actor, after)
        keys += [line.project.pk for line in page.lines]
        after = page.next
        if not after:
            return keys
