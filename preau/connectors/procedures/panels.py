"""Subsidies on a project's sheet, what waits on the home page, the link in the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, actor_of
from preau.accounts.models import User
from preau.accounts.perms import allowed
from preau.connectors.models import Dossier
from preau.connectors.procedures import queries
from preau.connectors.procedures.perms import may_keep
from preau.connectors.procedures.remote import KEY, NAME, is_on
from preau.connectors.procedures.states import DossierState
from preau.core import navigation
from preau.core.cards import Card, Panel
from preau.core.formats import day, local
from preau.core.registries import dashboard_cards, personal_data_sources, project_panels
from preau.outside import registry
from preau.projects.enums import FundingState
from preau.projects.models import Project
from preau.projects.standing import held


def grants_panel(request: HttpRequest, project: Project) -> Panel | None:
    may_ask = allowed(actor_of(request), "dossier.ask", project) and project.is_live and is_on()
    dossiers = queries.shown_of(project)
    offers = len(queries.offers(project)) if may_ask else 0
    if not dossiers and not offers:
        return None
    context = {"project": project, "dossiers": dossiers, "offers": offers, "may_ask": may_ask}
    return Panel("Subventions", "connectors/grants_panel.html", context, not dossiers)


def to_do(request: HttpRequest) -> Card | None:
    """A dossier that will be deleted unless it is opened, or a granted amount to say."""
    actor = actor_of(request)
    if actor.user is None or not is_on():
        return None
    mine = Dossier.objects.filter(project__in=Project.objects.filter(held(actor))).select_related(
        "project__lead_commune", "procedure", "funding"
    )
    lost = mine.filter(state=DossierState.PREFILLED, reminded_at__isnull=False)
    for one in lost.order_by("expires_at")[:1]:
        if not one.is_lapsed and one.expires_at is not None:
            last = day(local(one.expires_at, one.project.zone).date())
            return Card(
                f"Un dossier à ouvrir avant le {last}",
                reverse("connectors:grant_dossier", args=[one.key]),
                f"{one.procedure}, pour « {one.project.name} » : ensuite la démarche l’efface.",
                ("warning", "À ouvrir"),
            )
    granted = mine.filter(state=DossierState.ACCEPTE).exclude(funding__state=FundingState.GRANTED)
    for one in granted.order_by("moved_at")[:1]:
        return Card(
            "Une subvention acceptée : dites combien",
            reverse("connectors:grant_amount", args=[one.key]),
            f"{one.procedure}, pour « {one.project.name} ».",
            ("success", "Acceptée"),
        )
    return None


def personal_data(user: User) -> dict[str, object]:
    made = Dossier.objects.filter(created_by=user).select_related("project", "procedure")
    return {
        "dossiers de subvention préparés": [
            {
                "projet": one.project.reference,
                "démarche": str(one.procedure),
                "numéro": one.number,
                "préparé le": one.created_at,
                "envoyé": {line["label"]: line["text"] for line in one.sent},
            }
            for one in made.order_by("pk")
        ]
    }


def _keeps(request: HttpRequest) -> bool:
    return may_keep(getattr(request, "actor", ANONYMOUS))


def register() -> None:
    registry.register(
        registry.OutsideService(
            key=KEY,
            name=NAME,
            purpose="Préparer des dossiers de subvention depuis un projet, et en lire la suite.",
            without="Les porteurs remplissent la démarche eux-mêmes : la page du dossier leur donne"
            " le lien et les valeurs à copier.",
            is_configured=is_on,
            settings=("PREAU_DEMARCHES_URL",),
            waiting=queries.waiting,
        )
    )
    project_panels.register("grants", grants_panel, order=89)
    dashboard_cards.register("connectors.dossiers", to_do, order=35)
    personal_data_sources.register("connectors", personal_data, order=70)
    navigation.register(
        navigation.Link(
            "Démarches de subvention",
            "connectors:procedures",
            order=66,
            visible=_keeps,
            menu=False,
            hub="piloter",
            text="Les démarches que les porteurs remplissent depuis leur projet.",
        )
    )
