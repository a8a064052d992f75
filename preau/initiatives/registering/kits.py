"""What kits bring to pages of other rooms, to the menu and to the tasks."""

from __future__ import annotations

from django.http import HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.accounts.steering import steers
from preau.core import navigation
from preau.core.cards import Panel
from preau.core.navigation import Link
from preau.core.registries import personal_data_sources, project_panels
from preau.initiatives import personal_data
from preau.initiatives.queries import kits as queries
from preau.initiatives.tasks import kits as tasks
from preau.projects.models import Project


def kits_panel(request: HttpRequest, project: Project) -> Panel | None:
    """Kits in use with their progress, supports, the local currency."""
    may_write = allowed(actor_of(request), "project.contribute", project)
    uses = queries.uses_of(project)
    currencies = list(queries.currencies_of(project))
    if not uses and not currencies and not may_write:
        return None
    context = {
        "request": request,
        "project": project,
        "uses": [(one, queries.supported(one.use).count) for one in uses],
        "currencies": currencies,
        "may_write": may_write,
    }
    is_empty = not uses and not currencies
    return Panel("Kits et soutiens", "initiatives/panel_kits.html", context, is_empty)


def register() -> None:
    """Called once, when the room is ready."""
    assert tasks  # which declares them
    project_panels.register("initiatives.kits", kits_panel, order=102)
    personal_data_sources.register("initiatives.supports", personal_data.supports_of, order=41)
    navigation.register(
        Link(
            "Kits",
            "initiatives:kits",
            order=20,
            menu=False,
            hub="proposer",
            text="Composteur, jardin, repair café, bureaux partagés : les étapes, pas à pas.",
        )
    )
    navigation.register(
        Link(
            "Kits de mon territoire",
            "initiatives:kit_desk",
            order=60,
            visible=steers,
            menu=False,
            hub="piloter",
            text="Écrire et publier des kits que les habitants suivent.",
        )
    )
