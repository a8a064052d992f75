"""What of a sum due is given back, and how far it has come: the same words on every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Sum

from preau.core.formats import euros
from preau.payments.enums import LIVE_REFUNDS, RefundState
from preau.payments.models import Due, Incident, Refund


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What comes back of one sum.

    Attributes:
        coming_cents: to give back still, asked or not; what the office decided to keep is not.
        given_cents: given back already.
        refunds: those under way, oldest first.
    """

    coming_cents: int
    given_cents: int
    refunds: tuple[Refund, ...] = field(default=())

    @property
    def to_ask_cents(self) -> int:
        """To give back, and nobody asked for it."""
        return max(self.coming_cents - sum(one.cents for one in self.refunds), 0)

    @property
    def wants_account(self) -> Refund | None:
        """The one that waits for who paid to say where it goes."""
        waits = (one for one in self.refunds if one.state == RefundState.APPROVED)
        return next((one for one in waits if not one.has_bank), None)

    @property
    def words(self) -> str:
        """To who paid: « 186,00 € vous seront rendus. La régie doit encore l’approuver. »"""
        return self._told("Dites-nous sur quel compte.")

    @property
    def words_away(self) -> str:
        """The same, where no link leads to where the account is given."""
        return self._told("Dites-nous sur quel compte, par le lien envoyé par courriel.")

    def _told(self, account: str) -> str:
        said = []
        if self.given_cents:
            were = "vous a été rendu" if self.given_cents < 200 else "vous ont été rendus"
            said.append(f"{euros(self.given_cents)} {were}.")
        if self.coming_cents:
            will = "vous sera rendu" if self.coming_cents < 200 else "vous seront rendus"
            stage = account if self.wants_account is not None else self._stage
            said += [f"{euros(self.coming_cents)} {will}.", stage]
        return " ".join(said)

    @property
    def _stage(self) -> str:
        """Of what waits most."""
        states = {one.state for one in self.refunds}
        if self.to_ask_cents:
            return "La régie en est prévenue et prépare le remboursement."
        if RefundState.ASKED in states:
            return "Le remboursement est demandé : la régie doit encore l’approuver."
        if RefundState.APPROVED in states:
            return "Le remboursement est approuvé."
        return "Le remboursement est transmis à la comptabilité, qui le verse."


def of(due: Due) -> GivenBack | None:
    """None when nothing comes back, nor did."""
    return of_all([due]).get(due.pk)


def of_all(dues: Iterable[Due]) -> dict[int, GivenBack]:
    """By the sum’s number in the table; two questions at most, none when nothing comes back."""
    some = [due for due in dues if due.over_cents or due.refunded_cents]
    if not some:
        return {}
    kept = dict(
        Incident.objects.filter(due__in=some, kept_cents__gt=0)
        .values("due")
        .annotate(total=Sum("kept_cents"))
        .values_list("due", "total")
    )
    refunds: dict[int, list[Refund]] = {}
    for one in Refund.objects.filter(due__in=some, state__in=LIVE_REFUNDS).order_by("id"):
        refunds.setdefault(one.due_id, []).append(one)
    found = {
        due.pk: GivenBack(
            max(due.over_cents - kept.get(due.pk, 0), 0),
            due.refunded_cents,
            tuple(refunds.get(due.pk, ())),
        )
        for due in some
    }
    return {pk: one for pk, one in found.items() if one.words}
