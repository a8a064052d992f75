"""Projects, public figures, open data."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from preau.api.schemas.kit import Out


class ProjectLine(Out):
    key: str
    reference: str
    name: str
    state: str
    state_label: str
    phase: str
    is_blocked: bool
    holder: str
    commune: str | None
    departement: str
    budget_cents: int | None
    updated_at: datetime
    url: str


class ProjectOut(ProjectLine):
    purpose: str
    description: str
    themes: list[str]
    communes: list[str] = Field(description="Codes Insee.")
    crte: str | None
    starts_on: date | None
    ends_on: date | None
    deposited_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None


class ProjectsPage(Out):
    items: list[ProjectLine]
    next: str | None


class MonthOut(Out):
    """Un mois. Un nombre de un à quatre n’est pas publié : il est alors null."""

    month: date
    places: int
    spaces: int
    asked: int | None
    held: int | None
    occupied_minutes: int | None
    median_answer_minutes: int | None
    median_signature_minutes: int | None
    online_percent: int | None


class StatisticsOut(Out):
    departement: str | None = Field(description="null : la France entière.")
    months: list[MonthOut]


class FileOut(Out):
    name: str
    media_type: str
    description: str
    url: str


class OpenDataOut(Out):
    items: list[FileOut]


class MeOut(Out):
    """Ce que vaut le jeton présenté."""

    organization: str
    organization_id: int
    is_verified: bool
    role: str
    scopes: list[str]
    expires_at: datetime
