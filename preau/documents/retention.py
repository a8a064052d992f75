"""How long each kind is kept, and destroying what has been kept long enough.

The durations are choices of the operator and its archives service (docs/operations/retention.md).
Nothing is destroyed before someone has approved the list.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from procrastinate.contrib.django import app

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.documents import journal, queries
from preau.documents.actions.vault import chain_of
from preau.documents.enums import DocumentKind
from preau.documents.models import Document, Elimination, EliminationLine

YEAR = 365
#: The task of `tasks.py`, by name: it needs this module.
DESTROY = "documents.destroy"


@dataclass(frozen=True, slots=True)
class Rule:
    """In days. None: that event alone never makes it due.

    Attributes:
        removed: after its owner took it out of the vault.
        expired: after its date of validity.
        deposited: after its deposit.
        words: what the list says.
    """

    removed: int
    expired: int | None
    words: str
    deposited: int | None = None


_REPLACED = Rule(30, YEAR, "30 jours après son retrait, ou 1 an après la fin de sa validité")
_DEED = Rule(10 * YEAR, 10 * YEAR, "10 ans après la fin de la convention")
RULES: dict[DocumentKind, Rule] = {
    DocumentKind.INSURANCE: Rule(YEAR, YEAR, "1 an après la fin de sa validité ou son retrait"),
    DocumentKind.STATUTES: _REPLACED,
    DocumentKind.RNA: _REPLACED,
    DocumentKind.KBIS: _REPLACED,
    DocumentKind.RIB: Rule(30, 30, "30 jours après son retrait ou la fin de sa validité"),
    DocumentKind.MANDATE: Rule(YEAR, YEAR, "1 an après la fin de sa validité ou son retrait"),
    DocumentKind.CER: _REPLACED,
    DocumentKind.BOARD_OPINION: _DEED,
    DocumentKind.AGREEMENT: _DEED,
    DocumentKind.EVIDENCE: _DEED,
    DocumentKind.INVENTORY: Rule(5 * YEAR, 5 * YEAR, "5 ans après l’occupation ou son retrait"),
    DocumentKind.INVOICE: Rule(
        10 * YEAR, None, "10 ans après son émission (pièce comptable)", deposited=10 * YEAR
    ),
    DocumentKind.OTHER: _REPLACED,
}


def due(on: date) -> QuerySet[Document]:
    """What has been kept long enough that day, and is not locked."""
    conditions = Q(pk__in=[])
    for kind, rule in RULES.items():
        removed_before = _midnight(on - timedelta(days=rule.removed))
        one = Q(removed_at__lt=removed_before)
        if rule.expired is not None:
            one |= Q(expires_on__lt=on - timedelta(days=rule.expired))
        if rule.deposited is not None:
            one |= Q(created_at__lt=_midnight(on - timedelta(days=rule.deposited)))
        conditions |= Q(kind=kind) & one
    unlocked = Q(locked_until=None) | Q(locked_until__lt=on)
    return Document.objects.filter(conditions & unlocked).select_related("file").order_by("pk")


def due_since(document: Document) -> date:
    """The day its time was over."""
    rule = RULES[DocumentKind(document.kind)]
    days = []
    if document.removed_at is not None:
        days.append(_day(document.removed_at) + timedelta(days=rule.removed))
    if document.expires_on is not None and rule.expired is not None:
        days.append(document.expires_on + timedelta(days=rule.expired))
    if rule.deposited is not None:
        days.append(_day(document.created_at) + timedelta(days=rule.deposited))
    soonest = min(days)
    return max(soonest, document.locked_until) if document.locked_until else soonest


@transaction.atomic
def propose() -> int:
    """Put what is due on the open list of its owner's organisation (people's: the operator's)."""
    listed = EliminationLine.objects.filter(destroyed_at=None, kept_because="")
    fresh = due(queries.today()).exclude(pk__in=listed.exclude(document=None).values("document"))
    added = 0
    for document in fresh:
        elimination, _ = Elimination.objects.get_or_create(
            organization=document.owner_organization, approved_at=None
        )
        EliminationLine.objects.create(
            elimination=elimination,
            document=document,
            kind=document.kind,
            title=document.title,
            sha256=document.file.sha256,
            deposited_on=_day(document.created_at),
            due_on=due_since(document),
            reason=RULES[DocumentKind(document.kind)].words,
        )
        added += 1
    return added


@transaction.atomic
def approve(
    elimination: Elimination, *, actor: Actor, lines: Collection[int] | None = None
) -> Elimination:
    """Someone says yes; the task destroys. `lines`: only these, the others are kept."""
    elimination = Elimination.objects.select_for_update().get(pk=elimination.pk)
    if elimination.approved_at is not None:
        return elimination
    if lines is not None:
        set_aside = elimination.lines.exclude(pk__in=lines)
        set_aside.update(kept_because="à la demande de la personne qui approuve")
    elimination.approved_at, elimination.approved_by = clock.now(), actor.user
    elimination.save(update_fields=["approved_at", "approved_by"])
    audit.record(actor, "elimination.approve", elimination)
    app.configure_task(DESTROY).defer(elimination_id=elimination.pk)
    return elimination


def destroy(elimination_id: int) -> int:
    """Destroy what the approved list names and is still due; how many went. Idempotent."""
    elimination = Elimination.objects.get(pk=elimination_id)
    if elimination.approved_at is None:
        raise ValueError(f"Elimination {elimination_id} is not approved.")
    waiting = elimination.lines.filter(destroyed_at=None, kept_because="")
    gone = sum(_destroy_line(line) for line in waiting.select_related("document"))
    Elimination.objects.filter(pk=elimination_id).update(done_at=clock.now())
    return gone


def _destroy_line(line: EliminationLine) -> bool:
    """One document and its line in the journal; the bytes go with the garbage collection."""
    with transaction.atomic():
        document = due(queries.today()).filter(pk=line.document_id or 0).first()
        if document is None:
            return _keep(line, "n’est plus à détruire")
        chain, pk = chain_of(document), document.pk
        try:
            with transaction.atomic():
                document.delete()
        except ProtectedError:
            return _keep(line, "un dossier en cours s’y réfère")
        line.destroyed_at, line.title, line.document = clock.now(), "", None
        line.save(update_fields=["destroyed_at", "title", "document"])
        journal.append(
            chain,
            "document.eliminated",
            {
                "document": pk,
                "kind": line.kind,
                "sha256": line.sha256,
                "elimination": line.elimination_id,
                "rule": line.reason,
            },
        )
    return True


def _keep(line: EliminationLine, reason: str) -> bool:
    line.kept_because = reason
    line.save(update_fields=["kept_because"])
    return False


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
