"""What listings bring to pages of other rooms, to the menu and to the tasks."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, actor_of
from preau.accounts.perms import allowed
from preau.core import navigation
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.core.navigation import Link
from preau.core.registries import (
    dashboard_cards,
    organization_merges,
    personal_data_sources,
    project_panels,
)
from preau.projects.models import Project

#: Lines of the panel of a project.
MOST = 5


def register() -> None:
    """Called once, when the room is ready."""
    from preau.initiatives import (
        forgetting,  # noqa: F401  listens to closed accounts
        merging_answers,
    )
    from preau.initiatives.queries.listings import personal_data
    from preau.initiatives.tasks import listings as tasks  # noqa: F401
    from preau.initiatives.topics import listings as topics  # noqa: F401

    _menu()
    project_panels.register("initiatives.flows", _flows, order=104)
    dashboard_cards.register("initiatives.listings", _to_read, order=65)
    organization_merges.register("initiatives.listings", merging_answers.settle)
    personal_data_sources.register("initiatives.listings", personal_data, order=46)


def _menu() -> None:
    navigation.register(
        Link(
            "Annonces",
            "initiatives:listing_list",
            order=40,
            menu=False,
            hub="proposer",
            text="Ce qui se donne, se prête ou s’échange près de chez vous, et ce dont on a"
            " besoin : publiez, répondez.",
        )
    )
    navigation.register(
        Link(
            "Mes annonces",
            "initiatives:listing_mine",
            order=41,
            menu=False,
            visible=navigation.signed_in,
            hub="proposer",
            text="Vos annonces, les réponses reçues, ce qui pourrait y répondre.",
        )
    )
    navigation.register(
        Link(
            "Annonces à vérifier",
            "initiatives:listing_queue",
            order=75,
            menu=False,
            visible=_moderates,
            hub="piloter",
            text="Les premières annonces publiées sur votre territoire, et celles qu’on signale.",
        )
    )


def _moderates(request: HttpRequest) -> bool:
    from preau.initiatives.queries.moderation import may_moderate_somewhere

    return may_moderate_somewhere(getattr(request, "actor", ANONYMOUS))


def _to_read(request: HttpRequest) -> Card | None:
    """For whoever moderates: what waits."""
    from preau.initiatives.queries import moderation

    actor = actor_of(request)
    waiting = moderation.queue(actor).count() if moderation.may_moderate_somewhere(actor) else 0
    if not waiting:
        return None
    return Card(
        f"{count(waiting, 'annonce')} à vérifier",
        reverse("initiatives:listing_queue"),
        "Première annonce d’une personne, ou annonce signalée par un lecteur.",
        ("waiting", "À vérifier"),
    )


def _flows(request: HttpRequest, project: Project) -> Panel | None:
    from preau.initiatives.queries.listings import flows_of, listings_of

    flows = list(flows_of(project)[: MOST + 20])
    context = {
        "project": project,
        "flows": flows[:MOST],
        "more": max(0, len(flows) - MOST),
        "listings": list(listings_of(project)[:MOST]),
        "may_write": allowed(actor_of(request), "flow.write", project),
    }
    is_empty = not flows and not context["listings"]
    return Panel("Flux et annonces", "initiatives/flow_panel.html", context, is_empty)
