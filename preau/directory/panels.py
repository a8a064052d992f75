"""What the directory adds to the pages of places, and to the home page."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, actor_of
from preau.accounts.perms import allowed
from preau.core.cards import Card, Panel
from preau.core.formats import count
from preau.directory.models import Sheet
from preau.directory.queries import moderation
from preau.directory.queries.labels import labels_of
from preau.directory.queries.now import states_of
from preau.directory.queries.sheet import services_of
from preau.places.models import Place


def _sheet_of(place: Place) -> Sheet | None:
    return Sheet.objects.select_related("commune").filter(place=place).first()


def public_panel(request: HttpRequest, place: Place) -> Panel | None:
    """Services and profile, on the public page of a bookable place."""
    sheet = _sheet_of(place)
    if sheet is None or not sheet.is_public:
        return None
    now = states_of([sheet])[sheet.pk]
    context = {
        "sheet": sheet,
        "services": services_of(sheet),
        "labels": labels_of([sheet]).get(sheet.pk, []),
        "now": now if now.is_open is not None else None,
    }
    return Panel("Services et accueil du public", "directory/public_panel.html", context)


def manager_panel(request: HttpRequest, place: Place) -> Panel | None:
    """« Fiche de l’annuaire », on the manager's page of a place."""
    sheet = _sheet_of(place)
    if sheet is None:
        return None
    context = {
        "sheet": sheet,
        "may_edit": allowed(actor_of(request), "directory.edit", sheet),
        "now": states_of([sheet])[sheet.pk],
        "services": sheet.services.count(),
    }
    return Panel("Fiche de l’annuaire", "directory/manager_panel.html", context)


def to_moderate(request: HttpRequest) -> Card | None:
    """How much waits, on the home page of those who decide."""
    number = moderation.counted(getattr(request, "actor", ANONYMOUS))
    if not number:
        return None
    return Card(
        title=f"Annuaire : {count(number, 'point')} à traiter",
        href=reverse("directory:inbox"),
        text="Des lieux signalés, des doublons possibles ou des demandes attendent une réponse.",
        badge=("warning", "À faire"),
    )
