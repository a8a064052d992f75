"""What the top of a project's sheet says."""

from __future__ import annotations

from dataclasses import dataclass

from preau.core.french import rank
from preau.projects.enums import ProjectState
from preau.projects.models import Project
from preau.projects.queries.blockages import STANDS
from preau.territories.models import Commune

_S = ProjectState
#: The colour and the icon of a state; the word is the state's own.
BADGES = {
    _S.DRAFT: "neutral",
    _S.DEPOSITED: "new",
    _S.ACKNOWLEDGED: "waiting",
    _S.QUALIFIED: "info",
    _S.ACCOMPANIED: "info",
    _S.CLOSED: "success",
    _S.REFUSED: "error",
    _S.REDIRECTED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The project in a few lines.

    Attributes:
        communes: the lead one first.
        blockages: how many still stand; « bloqué » is nothing else.
    """

    project: Project
    communes: list[Commune]
    programmes: list[str]
    blockages: int

    @property
    def badge(self) -> tuple[str, str]:
        state = ProjectState(self.project.state)
        return BADGES[state], state.label

    @property
    def zone(self) -> str:
        return self.project.time_zone


def identity_of(project: Project) -> Identity:
    """Three statements, whatever the project holds."""
    communes = Commune.objects.filter(pk__in=project.communes.values("commune")).select_related(
        "departement"
    )
    in_order = sorted(communes, key=lambda one: (one.pk != project.lead_commune_id, rank(one.name)))
    rows = project.programmes.filter(until=None).select_related("programme")
    programmes = sorted((row.programme.name for row in rows), key=rank)
    standing = project.blockages.filter(STANDS).count()
    return Identity(project, in_order, programmes, standing)
