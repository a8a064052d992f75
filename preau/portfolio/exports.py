"""Projects as rows of a file: as many statements for one as for 40,000."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    OuterRef,
    QuerySet,
    Value,
)

from preau.accounts.actors import Actor
from preau.core.tables.writing import Cell
from preau.portfolio.filters import ORDER, ZONE, Filters
from preau.portfolio.totals import with_totals
from preau.projects.enums import PhaseStatus, Priority, ProjectState
from preau.projects.models import (
    Project,
)
from preau.projects.standing import state_side_to
from preau.resources.enums import Phase, Theme

#: Rows fetched at once from the server's cursor.
CHUNK = 1000


@dataclass(frozen=True)
class Column:
    """`state_side`: empty where the reader is not of the services at work on that project."""

    heading: str
    value: Callable[[Project], Cell]
    state_side: bool = False


def _day(moment: Any) -> Cell:
    return moment.astimezone(ZONE).date() if moment else None


def _euros(cents: int | None) -> Cell:
    return None if cents is None else cents / 100


def _labels(enum: Any, values: list[str]) -> str:
    return ", ".join(str(enum(one).label) for one in values if one in enum.values)


COLUMNS = (
    Column("Référence", lambda one: one.reference),
    Column("Projet", lambda one: one.name),
    Column("État", lambda one: str(ProjectState(one.state).label)),
    Column("Phase", lambda one: str(Phase(one.phase).label)),
    Column("Avancement", lambda one: str(PhaseStatus(one.phase_status).label)),
    Column("Thèmes", lambda one: _labels(Theme, one.themes)),
    Column("Porteur", lambda one: one.holder),
    Column("SIRET", lambda one: one.holder_siret),
    Column("Code commune principale", lambda one: one.lead_commune_id),
    Column("Commune principale", lambda one: one.lead_commune.name if one.lead_commune else ""),
    Column("Communes", lambda one: one.commune_names),  # type: ignore[attr-defined]
    Column("Département", lambda one: one.departement_code),
    Column("Intercommunalité", lambda one: one.epci.name if one.epci else ""),
    Column("CRTE", lambda one: one.crte.name if one.crte else ""),
    Column("Programmes", lambda one: one.programme_names),  # type: ignore[attr-defined]
    Column("Budget prévisionnel (€)", lambda one: _euros(one.budget_cents)),
    Column("Début prévu", lambda one: one.starts_on),
    Column("Fin prévue", lambda one: one.ends_on),
    Column("En charge", lambda one: one.in_charge.full_name if one.in_charge else ""),
    Column("Déposé le", lambda one: _day(one.deposited_at)),
    Column("Pris en compte le", lambda one: _day(one.acknowledged_at)),
    Column("Premier conseil le", lambda one: _day(one.first_advice_at)),
    Column("Terminé le", lambda one: _day(one.ended_at)),
    Column("Motif de fin", lambda one: one.end_reason),
    Column("Dernière activité", lambda one: _day(one.updated_at)),
    Column("Blocages en cours", lambda one: one.standing_blockages),  # type: ignore[attr-defined]
    Column("Recommandations envoyées", lambda one: one.sent_advice),  # type: ignore[attr-defined]
    Column("Financements demandés (€)", lambda one: _euros(one.asked)),  # type: ignore[attr-defined]
    Column("Financements accordés (€)", lambda one: _euros(one.granted)),  # type: ignore[attr-defined]
    Column("Priorité", lambda one: str(Priority(one.priority).label), state_side=True),
    Column("Motif de la priorité", lambda one: one.priority_reason, state_side=True),
    Column("Échéance du service", lambda one: one.due_on, state_side=True),
    Column("Signalé au service régional le", lambda one: _day(one.escalated_at), state_side=True),
)


class Table:
    """The rows of a list, for somebody: in its order, with its filters."""

    def __init__(self, filters: Filters, actor: Actor) -> None:
        self.filters, self.actor = filters, actor
        #: Whoever is of no service does not even see the headings.
        of_state = state_side_to(actor).exists()
        self.columns = [one for one in COLUMNS if of_state or not one.state_side]

    @property
    def headings(self) -> list[str]:
        return [one.heading for one in self.columns]

    def rows(self) -> Iterator[list[Cell]]:
        for project in self._found().iterator(chunk_size=CHUNK):
            inside: bool = project.inside  # type: ignore[attr-defined]
            yield [
                one.value(project) if inside or not one.state_side else None for one in self.columns
            ]

    def _found(self) -> QuerySet[Project]:
        related = ("lead_commune", "epci", "crte", "holder_organization", "holder_user")
        found = (
            self.filters.of(self.actor)
            .select_related(*related, "in_charge")
            .defer("purpose", "description")
            .annotate(inside=_is_inside(self.actor))
        )
        return with_totals(found).order_by(*ORDER)


def _is_inside(actor: Actor) -> Any:
    if actor.is_system:
        return Value(True, output_field=BooleanField())
    return Exists(state_side_to(actor).filter(pk=OuterRef("pk")))
