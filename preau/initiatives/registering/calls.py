"""What calls bring to pages of other rooms, to the menu and to the tasks."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.accounts.steering import steers
from preau.core import navigation
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.core.navigation import Link
from preau.core.registries import (
    dashboard_cards,
    personal_data_sources,
    project_panels,
)
from preau.initiatives import personal_data
from preau.initiatives.enums.calls import CallState
from preau.initiatives.models import CallForInitiatives, Reviewer
from preau.initiatives.queries import calls as queries
from preau.initiatives.tasks import calls as tasks
from preau.projects.models import Project


def submissions_panel(request: HttpRequest, project: Project) -> Panel | None:
    """« Candidature »: the calls the project answered or came from, and the way to another."""
    actor = actor_of(request)
    rows = [(one, allowed(actor, "submission.write", one)) for one in queries.of_project(project)]
    may_answer = project.is_live and allowed(actor, "project.edit", project)
    if not rows and not (may_answer and queries.open_calls().exists()):
        return None
    context = {"request": request, "project": project, "rows": rows, "may_answer": may_answer}
    return Panel("Candidature", "initiatives/panel_submissions.html", context, not rows)


def drafts_card(request: HttpRequest) -> Card | None:
    """The draft to send first, while its call is open."""
    actor = actor_of(request)
    open_ones = [one for one in queries.mine(actor) if one.is_draft and one.call.is_open]
    if not open_ones:
        return None
    first = min(open_ones, key=lambda one: (one.call.closes_at is None, one.call.closes_at))
    words = count(len(open_ones), "candidature à envoyer", "candidatures à envoyer")
    url = reverse("initiatives:submissions_mine")
    return Card(words, url, f"« {first.call.title} » ferme le {first.call.until}.")


def jury_card(request: HttpRequest) -> Card | None:
    """Reviews one still owes."""
    actor = actor_of(request)
    if actor.user is None:
        return None
    seats = Reviewer.objects.filter(
        user=actor.user, removed_at=None, call__state=CallState.REVIEWING
    ).select_related("call", "user")
    owed = [(seat, left) for seat in seats[:20] if (left := queries.left_for(seat))]
    owed = [(seat, left) for seat, left in owed if seat.role != "observation"]
    if not owed:
        return None
    total = sum(left for _, left in owed)
    first = owed[0][0].call
    url = reverse("initiatives:jury", args=[first.key])
    return Card(f"{count(total, 'avis', 'avis')} de jury à rendre", url, f"« {first.title} »")


def calls_card(request: HttpRequest) -> Card | None:
    """Calls of the organisation that wait for somebody."""
    actor = actor_of(request)
    if actor.organization_id is None or not steers(request):
        return None
    waiting = CallForInitiatives.objects.filter(
        organization=actor.organization_id, state=CallState.CLOSED
    )
    found = list(waiting[:20])
    if not found:
        return None
    words = count(len(found), "appel fermé à examiner", "appels fermés à examiner")
    return Card(words, reverse("initiatives:call_desk"), f"« {found[0].title} »")


def register() -> None:
    """Called once, when the room is ready."""
    assert tasks  # which declares them
    project_panels.register("initiatives.submissions", submissions_panel, order=101)
    dashboard_cards.register("initiatives.drafts", drafts_card, order=31)
    dashboard_cards.register("initiatives.jury", jury_card, order=29)
    dashboard_cards.register("initiatives.calls", calls_card, order=32)
    personal_data_sources.register("initiatives.calls", personal_data.calls_of, order=40)
    navigation.register(
        Link(
            "Appels à initiatives",
            "initiatives:calls",
            order=30,
            menu=False,
            hub="proposer",
            text="Ce que des territoires cherchent, et jusqu’à quand répondre.",
        )
    )
    navigation.register(
        Link(
            "Appels à initiatives",
            "initiatives:call_desk",
            order=40,
            visible=steers,
            menu=False,
            hub="piloter",
            text="Préparer un appel, réunir un jury, décider, faire naître des projets.",
        )
    )
