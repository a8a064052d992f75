"""Public figures, open data, and what a token is worth."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from preau.api.enums import Scope
from preau.api.http.access import bare_token
from preau.api.models import ApiToken
from preau.api.routes.kit import read
from preau.api.routes.places import Departement
from preau.api.routes.shown import absolute, page_of
from preau.api.schemas.others import FileOut, MeOut, MonthOut, OpenDataOut, StatisticsOut
from preau.core import navigation
from preau.core.registries import public_figures
from preau.directory.models import OpenDataFile
from preau.directory.open_data.exporting import EXPORTS

router = Router(tags=["Statistiques et données ouvertes"])


@read(
    router,
    "/statistics",
    scope=Scope.STATS,
    public=True,
    answer=StatisticsOut,
    summary="Les statistiques publiques",
)
def read_statistics(request: HttpRequest, departement: Departement | None = None) -> StatisticsOut:
    """Mois par mois, pour la France ou un département : celles de la page « Statistiques »."""
    for figures in public_figures:
        found = figures(departement or "")
        if found is None:
            raise Http404
        months = [_month(one) for one in found]
        return StatisticsOut(departement=departement, months=months)
    raise Http404


def _month(figure: dict[str, Any]) -> MonthOut:
    return MonthOut(
        month=figure["month"],
        places=figure["places"],
        spaces=figure["spaces"],
        asked=figure["asked"],
        held=figure["held"],
        occupied_minutes=figure["minutes"],
        median_answer_minutes=figure["answer_minutes"],
        median_signature_minutes=figure["signature_minutes"],
        online_percent=figure["online_percent"],
    )


#: Files made by other pages: page, name, media type, what it holds.
_FILES = (
    ("stats:csv", "preau-statistiques.csv", "text/csv", "Statistiques des réservations, par mois"),
    ("stats:projects_csv", "preau-projets.csv", "text/csv", "Statistiques des projets, par mois"),
    (
        "directory:open_dcat",
        "catalogue.jsonld",
        "application/ld+json",
        "Catalogue des données ouvertes (DCAT-AP)",
    ),
)


@read(
    router,
    "/open-data",
    scope=Scope.STATS,
    public=True,
    answer=OpenDataOut,
    summary="Les fichiers ouverts",
)
def list_open_data(request: HttpRequest) -> OpenDataOut:
    """Refaits chaque nuit, à télécharger sans jeton : l’annuaire des lieux au format
    data·inclusion, CSV et d’autres, les statistiques."""
    made = set(OpenDataFile.objects.values_list("format", flat=True))
    items = [
        FileOut(
            name=one.name,
            media_type=one.media_type,
            description=one.label,
            url=page_of("directory:open_file", one.name),
        )
        for key, one in EXPORTS.items()
        if key in made
    ]
    for view, name, media_type, description in _FILES:
        if address := navigation.address_of(view):
            items.append(
                FileOut(
                    name=name,
                    media_type=media_type,
                    description=description,
                    url=absolute(address),
                )
            )
    return OpenDataOut(items=items)


@router.get(
    "/me",
    auth=bare_token,
    response=MeOut,
    summary="Ce que vaut mon jeton",
    operation_id="read_me",
    url_name="read_me",
    openapi_extra={"security": [{"token": []}]},
)
def read_me(request: HttpRequest) -> MeOut:
    """Pour quelle structure il agit, ce qu’il permet, jusqu’à quand. N’importe quel jeton."""
    token: ApiToken = request.api_token  # type: ignore[attr-defined]
    organization = token.membership.organization
    return MeOut(
        organization=organization.name,
        organization_id=organization.pk,
        is_verified=organization.is_verified,
        role=token.membership.role,
        scopes=list(token.scopes),
        expires_at=token.expires_at,
    )
