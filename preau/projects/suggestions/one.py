"""A suggestion, and the need it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from preau.accounts.enums import OrganizationKind
from preau.projects.models import Blockage, Project
from preau.resources.enums import Audience, BlockageKind, HelpKind, Theme

_AUDIENCES = {
    OrganizationKind.COMMUNE: Audience.COMMUNE,
    OrganizationKind.EPCI: Audience.EPCI,
    OrganizationKind.DEPARTEMENT: Audience.DEPARTMENT,
    OrganizationKind.REGION: Audience.REGION,
    OrganizationKind.ASSOCIATION: Audience.ASSOCIATION,
    OrganizationKind.COMPANY: Audience.COMPANY,
    OrganizationKind.PUBLIC_BODY: Audience.PUBLIC_BODY,
    OrganizationKind.SCHOOL: Audience.PUBLIC_BODY,
    OrganizationKind.STATE_SERVICE: Audience.PUBLIC_BODY,
    OrganizationKind.OPERATOR: Audience.PUBLIC_BODY,
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may help, with why.

    Attributes:
        id: "resource:12", "space:55", "person:4", "service:3": the same whenever it is computed.
        reasons: French sentences, the weightiest first; what the holder will read too.
        cautions: what whoever sends it should check; for the State's side only.
        url: the page that says more, from the site's root or complete.
        resource_id, space_id: the row it stands for, when a recommendation may point to it.
        facts: what is kept with a recommendation made of it.
    """

    id: str
    kind: HelpKind
    title: str
    summary: str
    score: int
    reasons: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    url: str = ""
    contact: str = ""
    resource_id: int | None = None
    space_id: int | None = None
    due_on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Need:
    """What the sources look at: a blockage, its project, where that is, and the day."""

    blockage: Blockage
    commune_codes: Sequence[str]
    audience: Audience | None
    on: date

    @property
    def project(self) -> Project:
        return self.blockage.project

    @property
    def kind(self) -> BlockageKind:
        return BlockageKind(self.blockage.kind)

    @property
    def themes(self) -> list[Theme]:
        return [one for one in Theme if one in self.project.themes]

    @property
    def text(self) -> str:
        """What was written, the blockage first: the library reads the first words only."""
        project = self.project
        parts = (self.blockage.title, project.name, self.blockage.description, project.purpose)
        return " ".join(parts)


def need_of(blockage: Blockage, *, on: date) -> Need:
    """One statement, two when the holder is an organisation not read yet."""
    project = blockage.project
    codes = list(project.communes.order_by("commune").values_list("commune", flat=True))
    if not codes and project.lead_commune_id:
        codes = [project.lead_commune_id]
    holder = project.holder_organization
    audience = _AUDIENCES[OrganizationKind(holder.kind)] if holder else None
    return Need(blockage, codes, audience, on)
