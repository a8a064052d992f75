"""Counts made ahead are those of the projects themselves, counted again one by one."""

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse

from preau.core import clock
from preau.portfolio import counting
from preau.portfolio.figures.enums import Period, ScopeKind
from preau.portfolio.figures.scopes import Scope, population
from preau.portfolio.filters import DORMANT_DAYS, ZONE, Filters, is_late
from preau.portfolio.models import CELLS, ProjectCount, ProjectFlow
from preau.portfolio.queries import map as maps
from preau.portfolio.queries import tallies
from preau.projects.actions import territory
from preau.projects.enums import LIVE, STILL_BLOCKING, ProjectState
from preau.projects.models import Blockage, Project
from tests.portfolio.test_seeing import client_of
from tests.portfolio.world import Country
from tests.projects.factories import ProjectFactory, holder
from tests.projects.factories import programme as made_programme

pytestmark = pytest.mark.django_db


def by_hand():
    found, now = Counter(), clock.now()
    for project in Project.objects.exclude(state=ProjectState.DRAFT):
        live = project.state in LIVE
        quiet = project.updated_at < now - timedelta(days=DORMANT_DAYS)
        facts = {
            "projects": 1,
            "blocked": int(live and project.blockages.filter(state__in=STILL_BLOCKING).exists()),
            "late": int(Project.objects.filter(is_late(), pk=project.pk).exists()),
            "dormant": int(live and quiet and project.paused_at is None),
            "budget_cents": project.budget_cents or 0,
            "with_budget": int(project.budget_cents is not None),
        }
        cell = CELLS.index((project.state, project.phase))
        code, within = project.departement_code, project.programmes.filter(until=None)
        rows = [(code, project.crte_id or "", None), (code, None, None), (None, None, None)]
        for programme in within.values_list("programme", flat=True):
            rows += [(code, None, programme), (None, None, programme)]
        for row in rows:
            for name, value in {**facts, cell: 1}.items():
                found[*row, name] += value
    return +found


def counted():
    found = Counter()
    for row in ProjectCount.objects.all():
        key = (row.departement_code, row.crte_code, row.programme_id)
        for name in ("projects", "blocked", "late", "dormant", "budget_cents", "with_budget"):
            found[*key, name] += getattr(row, name)
        for cell, number in enumerate(row.cells):
            found[*key, cell] += number
    return +found


def test_counts_are_those_of_the_projects_and_follow_them():
    with clock.frozen(clock.now()):
        country = Country(17, projects=60)
        counting.refresh()
        assert counted() == by_hand()
        kept = dict(ProjectCount.objects.values_list("pk", "projects"))
        counting.refresh()
        assert dict(ProjectCount.objects.values_list("pk", "projects")) == kept
        for project in country.draw.sample(country.projects, 20):
            live = project.state in LIVE
            Blockage.objects.filter(project=project).delete()
            Project.objects.filter(pk=project.pk).update(
                crte=country.crtes[0], phase="operation", due_on=None if live else project.due_on
            )
        counting.refresh()
        assert counted() == by_hand()


def test_months_are_those_of_paris_dates():
    project = ProjectFactory(state=ProjectState.CLOSED)
    counting.refresh()
    flow = ProjectFlow.objects.get()
    assert flow.departement_code == project.departement_code
    assert (flow.deposited, flow.acknowledged, flow.closed, flow.turned_away) == (1, 1, 1, 0)
    assert flow.month == clock.today(ZONE).replace(day=1)


def test_a_service_reads_its_territory_counted_ahead_and_a_mayor_their_own_now():
    with clock.frozen(clock.now()):
        country = Country(19, projects=60)
        counting.refresh()
        filed = Project.objects.exclude(state=ProjectState.DRAFT)
        lead = {"ddt": ["38"], "region": ["38", "26"], "nation": ["38", "26", "29"]}
        for name, codes in lead.items():
            reach = tallies.reach_of(country.actors[name])
            assert tallies.whole(reach).projects == filed.filter(departement_code__in=codes).count()
            for code, tally in tallies.by(reach, "crte").items():
                held = filed.filter(departement_code__in=codes, crte=code)
                assert tally.projects == held.count()
            assert {
                code: tally.projects for code, tally in tallies.by(reach, "departement").items()
            } == Counter(
                filed.filter(departement_code__in=codes).values_list("departement_code", flat=True)
            )
            for programme, tally in tallies.by(reach, "programme").items():
                held = filed.filter(
                    departement_code__in=codes,
                    programmes__programme=programme,
                    programmes__until=None,
                )
                assert tally.projects == held.count() > 0
        mayor = tallies.reach_of(country.mayor)
        assert mayor.live
        held = filed.filter(holder_organization=country.mayor.organization, crte__isnull=False)
        assert sum(one.projects for one in tallies.by(mayor, "crte").values()) == held.count()


def test_dashboards_are_their_services_own():
    country = Country(23, projects=20)
    counting.refresh()
    pages = {
        "departement": reverse("portfolio:departement", args=["38"]),
        "next": reverse("portfolio:departement", args=["26"]),
        "region": reverse("portfolio:region", args=["84"]),
        "nation": reverse("portfolio:nation"),
    }
    open_to = {
        "ddt": {"departement"},
        "region": {"departement", "next", "region"},
        "nation": set(pages),
        "elsewhere": set(),
        "mayor": set(),
        "other": set(),
        "hatless_agent": set(),
    }
    for name, expected in open_to.items():
        client = client_of(country.actors[name])
        answers = {page: client.get(url).content.decode() for page, url in pages.items()}
        shown = {page for page, text in answers.items() if "Les douze derniers mois" in text}
        assert shown == expected, name
        assert client.get(reverse("portfolio:dashboard"), follow=True).status_code == 200


def test_the_whole_country_from_afar_is_shown_as_it_was_counted():
    """Every project once, near where they are; nearer, with a filter, or before: the projects."""
    country = Country(29, projects=50)
    nation = country.actors["nation"]
    far, near = maps.View(-60, -180, 60, 180, 6), maps.View(-60, -180, 60, 180, 9)
    filed = Project.objects.exclude(state=ProjectState.DRAFT).count()

    def shown(view, filters=None):
        return sum(one["n"] for one in maps.squares(filters or Filters(), nation, view))

    assert shown(far) == filed
    counting.refresh()
    late = ProjectFactory(lead_commune=country.projects[0].lead_commune)
    assert (shown(far), shown(near)) == (filed, filed + 1)
    assert shown(far, Filters(words=late.reference)) == 1
    middle = maps.squares(Filters(), nation, far)
    assert {round(one["lat"]) for one in middle} <= {
        round(one.latitude) + shift for one in country.projects for shift in (-1, 0, 1)
    }


def test_a_project_in_two_programmes_counts_once_in_each_and_not_in_those_it_left():
    mayor = holder()
    project = ProjectFactory(holder_organization=mayor.organization)
    one, other, left = (made_programme() for _ in range(3))
    territory.set_programmes(project, [one, other, left])
    territory.set_programmes(project, [one, other])
    counted = tallies.by(tallies.reach_of(mayor), "programme")
    assert {pk: found.projects for pk, found in counted.items()} == {one.pk: 1, other.pk: 1}
    for asked, number in ((one, 1), (left, 0)):
        scope = Scope(ScopeKind.PROGRAMME, asked.slug, asked.name)
        assert population(scope, Period.ALL, clock.now()).projects.count() == number
