"""How far a campaign is, and the public list. Keyset pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from preau.accounts.models import User
from preau.core import keyset
from preau.initiatives.enums.campaigns import (
    COUNTED,
    ENDED,
    CampaignState,
    PledgeState,
    TargetKind,
)
from preau.initiatives.models import Campaign, MoneyReport, Pledge, Target
from preau.initiatives.words import quantity
from preau.projects.models import Project

PAGE = 20
#: Months after its end when addresses of those who pledged are forgotten.
KEPT = timedelta(days=365)
#: An address that was typed and never confirmed.
UNCONFIRMED_KEPT = timedelta(days=7)
C = CampaignState


@dataclass(frozen=True, slots=True)
class Progress:
    """One target: what is asked for, what is sure, what is only promised."""

    target: Target
    sure: int
    promised: int
    report: MoneyReport | None = None

    @property
    def is_reached(self) -> bool:
        return self.sure >= self.target.quantity

    @property
    def percent(self) -> int:
        """Never 100 before it is reached."""
        return 100 if self.is_reached else min(99, self.sure * 100 // self.target.quantity)

    @property
    def rest(self) -> int:
        return max(0, self.target.quantity - self.sure - self.promised)

    @property
    def sure_words(self) -> str:
        return quantity(self.target, self.sure)

    @property
    def promised_words(self) -> str:
        return quantity(self.target, self.promised)

    @property
    def asked_words(self) -> str:
        return quantity(self.target, self.target.quantity)

    @property
    def rest_words(self) -> str:
        return quantity(self.target, self.rest)


@dataclass(frozen=True, slots=True)
class Line:
    campaign: Campaign
    progress: list[Progress]


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line] = field(default_factory=list)
    next: str = ""


def progress_of(campaign: Campaign) -> list[Progress]:
    return progress_of_each([campaign])[campaign.pk]


def progress_of_each(campaigns: Iterable[Campaign]) -> dict[int, list[Progress]]:
    """Three statements, whatever the number of campaigns.

    Money counts as reported by the holder from the outside platform; promises of money never do.
    """
    found: dict[int, list[Progress]] = {one.pk: [] for one in campaigns}
    sure = Sum("pledges__quantity", filter=Q(pledges__state__in=COUNTED), default=0)
    promised = Sum("pledges__quantity", filter=Q(pledges__state=PledgeState.PROMISED), default=0)
    targets = Target.objects.filter(campaign__in=found).annotate(sure=sure, promised=promised)
    reports = {
        one.campaign_id: one
        for one in MoneyReport.objects.filter(campaign__in=found)
        .order_by("campaign", "-pk")
        .distinct("campaign")
    }
    for target in targets.order_by("position", "pk"):
        one = target.__dict__
        if target.kind == TargetKind.MONEY:
            report = reports.get(target.campaign_id)
            amount = report.amount_cents if report else 0
            line = Progress(target, amount, one["promised"] + one["sure"], report)
        else:
            line = Progress(target, one["sure"], one["promised"])
        found[target.campaign_id].append(line)
    return found


def page(*, ended: bool = False, after: str = "") -> Page:
    """Opened ones: those still open, the last opened first; or those that ended."""
    states = [C.SUCCEEDED, C.LAPSED, C.CANCELLED] if ended else [C.OPEN]
    found = Campaign.objects.filter(state__in=states, opened_at__isnull=False)
    found = found.select_related("commune")
    rows, more = keyset.some(found, by="opened_at", after=after, number=PAGE)
    progress = progress_of_each(rows)
    return Page([Line(one, progress[one.pk]) for one in rows], more)


def thanked(campaign: Campaign) -> list[str]:
    """Names of those who agreed to be shown, once the holder counts on them."""
    rows = Pledge.objects.filter(
        target__campaign=campaign, state__in=COUNTED, show_name=True
    ).select_related("organization")
    return sorted({one.who for one in rows[:200]} - {"Une personne"})


def pledges_of(campaign: Campaign) -> QuerySet[Pledge]:
    """For the holder: those that wait first; the unconfirmed are nobody's yet."""
    rank = Case(
        When(state=PledgeState.PROMISED, then=Value(0)),
        When(state=PledgeState.CONFIRMED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Pledge.objects.filter(target__campaign=campaign)
    shown = rows.exclude(state=PledgeState.UNCONFIRMED).annotate(rank=rank)
    return shown.select_related("target", "organization", "user").order_by("rank", "pk")


def mine_in(campaign: Campaign, user_id: int | None) -> list[Pledge]:
    if user_id is None:
        return []
    rows = Pledge.objects.filter(target__campaign=campaign, user=user_id)
    return list(rows.select_related("target").order_by("pk"))


def live_on(target: Target, user_id: int | None) -> list[Pledge]:
    """What somebody signed in has promised already of one target."""
    if user_id is None:
        return []
    rows = Pledge.objects.filter(target=target, user=user_id)
    return list(rows.exclude(state=PledgeState.CANCELLED).select_related("target").order_by("pk"))


def others_of(pledge: Pledge) -> list[Pledge]:
    """What the same person, by account or by address, had promised already of the same target.

    Nothing beside what is cancelled; an address that somebody typed, and nobody confirmed, has
    promised nothing.
    """
    if pledge.state == PledgeState.CANCELLED or (pledge.user_id is None and not pledge.email):
        return []
    whose = {"user": pledge.user_id} if pledge.user_id else {"user": None, "email": pledge.email}
    rows = Pledge.objects.filter(target=pledge.target_id, pk__lt=pledge.pk, **whose)
    nothing = (PledgeState.CANCELLED, PledgeState.UNCONFIRMED)
    return list(rows.exclude(state__in=nothing).select_related("target").order_by("pk"))


def campaigns_of(project: Project) -> list[Line]:
    """Of a project's sheet: the last first."""
    rows = list(project.campaigns.select_related("commune").order_by("-pk")[:20])
    progress = progress_of_each(rows)
    return [Line(one, progress[one.pk]) for one in rows]


def by_the_clock(on: date) -> QuerySet[Campaign]:
    """What may open or lapse that day; a day of margin for the other time zones."""
    near = on + timedelta(days=1)
    opens = Q(state=C.PREPARED, is_ready=True, starts_on__lte=near)
    lapses = Q(state=C.OPEN, ends_on__lte=near)
    return Campaign.objects.filter(opens | lapses).select_related("commune").order_by("pk")


def to_forget(now: datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(
        state__in=ENDED, ended_at__lt=now - KEPT, forgotten_at=None
    ).order_by("pk")


def personal_data(user: User) -> dict[str, Any]:
    """What campaigns keep about a person, for their export."""
    gave = Pledge.objects.filter(user=user).select_related("target__campaign").order_by("pk")
    ran = Campaign.objects.filter(created_by=user).order_by("pk")
    return {
        "apports promis à des collectes": [
            {
                "collecte": one.target.campaign.title,
                "quoi": one.target.label,
                "nom montré": one.show_name,
                "mot": one.message,
                "état": one.get_state_display(),
            }
            for one in gave
        ],
        "collectes préparées": [{"titre": one.title} for one in ran],
    }
