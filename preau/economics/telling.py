"""Who is told what: the people who may commit the providers, or those of the coordinator."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from preau.accounts.enums import MembershipRole
from preau.accounts.models import Membership, User
from preau.core.formats import day, euros
from preau.economics.models import CostAllocation, ProviderLine
from preau.economics.topics import SHARES
from preau.notifications.actions import notify

_HANDS = (MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR)


def hands_of(organization_id: int | None) -> QuerySet[User]:
    """The people who manage an organisation; none of no organisation."""
    members = Membership.objects.filter(
        organization=organization_id, ended_at=None, role__in=_HANDS
    )
    found = User.objects.filter(pk__in=members.values("user"), is_active=True).order_by("pk")
    return found if organization_id else found.none()


def proposed(allocation: CostAllocation, lines: Iterable[ProviderLine]) -> None:
    assert allocation.answer_by is not None
    for line in lines:
        _tell_share(
            line,
            f"proposee:{allocation.proposals}",
            f"Votre part des coûts de {allocation.place_name} : {euros(line.share_cents or 0)}",
            f"{allocation.organization} vous propose cette part, expliquée ligne à ligne. Répondez"
            f" avant le {day(allocation.answer_by)}.",
        )


def to_answer(allocation: CostAllocation, lines: Iterable[ProviderLine]) -> None:
    assert allocation.answer_by is not None
    for line in lines:
        _tell_share(
            line,
            f"rappel:{allocation.proposals}",
            f"Répondez avant le {day(allocation.answer_by)} : coûts de {allocation.place_name}",
            "Votre structure n’a pas encore dit si la part proposée lui convient.",
        )


def taken_back(allocation: CostAllocation, lines: Iterable[ProviderLine]) -> None:
    for line in lines:
        _tell_share(
            line,
            f"reprise:{allocation.proposals}",
            f"La répartition des coûts de {allocation.place_name} est reprise",
            f"{allocation.organization} la modifie. Vous recevrez une nouvelle proposition.",
            url="",
        )


def settled(allocation: CostAllocation, lines: Iterable[ProviderLine]) -> None:
    for line in lines:
        _tell_share(
            line,
            "arretee",
            f"La répartition des coûts de {allocation.place_name} est arrêtée",
            f"Votre part est de {euros(line.share_cents or 0)}.",
        )


def answered(line: ProviderLine) -> None:
    agrees = line.answer == "accord"
    notify(
        hands_of(line.allocation.organization_id),
        topic=SHARES.key,
        title=f"{line.name} {'accepte sa part' if agrees else 'fait une objection'}",
        body=line.answer_reason or f"Coûts : {line.allocation.place_name}.",
        cause=f"cost-share:{line.pk}:reponse:{line.answered_at:%Y%m%d%H%M%S%f}",
        url=line.allocation.get_absolute_url(),
    )


def _tell_share(
    line: ProviderLine, what: str, title: str, body: str, *, url: str | None = None
) -> None:
    notify(
        hands_of(line.organization_id),
        topic=SHARES.key,
        title=title,
        body=body,
        cause=f"cost-share:{line.pk}:{what}",
        url=line.get_absolute_url() if url is None else url,
    )
