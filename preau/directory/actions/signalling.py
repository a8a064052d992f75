"""What the public signals: sent by anybody, decided once by whoever keeps the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.directory import emails, perms
from preau.directory.actions.merging import merge_sheets
from preau.directory.actions.sheets import EDITABLE, close_sheet, create_sheet, edit_sheet
from preau.directory.enums import ChangeCause, SheetState, SignalKind, SignalState
from preau.directory.models import Sheet, Signal
from preau.directory.people import moderators_of
from preau.directory.topics import ANSWERS, TO_MODERATE
from preau.notifications.actions import enqueue_email, notify
from preau.territories.models import Commune

REMIND_AFTER = timedelta(days=30)
#: A morning; each asks who decides, which takes some queries.
MOST_REMINDED = 500
#: An answer that comes later than this is waited for no more.
FORGET_AFTER = timedelta(days=365)
#: What a signal may propose beside fields of the sheet.
WORDS = frozenset({"hours", "other"})


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a place.

    Attributes:
        proposed: fields as they should be, as JSON; « hours » in words, « other » a sheet's key.
    """

    kind: str
    commune: Commune
    sheet: Sheet | None = None
    proposed: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    email: str = ""


@transaction.atomic
def send_signal(said: Said, *, actor: Actor) -> Signal:
    """Keep it and tell whoever decides. The answer goes to the account, or to the address given."""
    unknown = said.proposed.keys() - EDITABLE - WORDS
    if unknown:
        raise TypeError(f"Not proposable: {', '.join(sorted(unknown))}")
    if said.sheet is not None and said.sheet.state == SheetState.MERGED:
        raise Refusal("Cette fiche a été réunie à une autre : signalez l’erreur sur celle-là.")
    if known := _same(said, actor):
        return known
    signal = Signal.objects.create(
        kind=said.kind,
        sheet=said.sheet,
        commune=said.commune,
        departement_code=said.commune.departement_id,
        proposed=dict(said.proposed),
        text=said.text,
        sender=actor.user,
        sender_email="" if actor.user else said.email,
    )
    audit.record(actor, "directory.signalled", signal, kind=said.kind)
    name = said.sheet.name if said.sheet else str(said.proposed.get("name", "un lieu"))
    notify(
        moderators_of(said.commune, said.sheet),
        topic=TO_MODERATE.key,
        title=f"{SignalKind(said.kind).label} : {name} ({said.commune.name})",
        body="Vérifiez, puis acceptez ou refusez."
        + (" La personne sera prévenue." if signal.is_answered else ""),
        cause=f"directory.signal:{signal.pk}",
        url=page_of(signal),
    )
    return signal


def _same(said: Said, actor: Actor) -> Signal | None:
    """Said already, word for word, by the same person or by nobody: one answer is enough."""
    return Signal.objects.filter(
        state=SignalState.WAITING,
        kind=said.kind,
        sheet=said.sheet,
        commune=said.commune,
        proposed=dict(said.proposed),
        text=said.text,
        sender=actor.user,
        sender_email="" if actor.user else said.email,
    ).first()


def page_of(signal: Signal) -> str:
    return reverse("directory:signal", args=[signal.key])


@transaction.atomic
def accept_signal(
    signal: Signal,
    *,
    actor: Actor,
    fields: Mapping[str, Any] | None = None,
    keep: Sheet | None = None,
) -> Sheet:
    """Apply what is proposed and tell the sender.

    Args:
        fields: the proposed fields as the person who decides has corrected them.
        keep: of two sheets of one place, the one whose address stays.

    Raises:
        Refusal: somebody else has decided.
    """
    perms.require(actor, "directory.moderate", signal)
    signal = _waiting(signal)
    sheet = _apply(signal, fields or {}, keep, actor)
    signal.sheet = sheet
    _decide(signal, SignalState.ACCEPTED, "", actor)
    return sheet


def _apply(signal: Signal, fields: Mapping[str, Any], keep: Sheet | None, actor: Actor) -> Sheet:
    if signal.kind == SignalKind.MISSING:
        return create_sheet(fields, actor=actor, cause=ChangeCause.SIGNAL)
    assert signal.sheet is not None
    sheet = Sheet.objects.select_related("commune", "manager").get(pk=signal.sheet.pk)
    if signal.kind == SignalKind.CLOSED:
        if sheet.place_id and not actor.is_system:
            raise Refusal(
                "Ce lieu se réserve ici : archivez-le depuis « Mes lieux », sa fiche suivra."
            )
        close_sheet(sheet, actor=actor, cause=ChangeCause.SIGNAL)
    elif signal.kind == SignalKind.WRONG:
        edit_sheet(sheet, fields, actor=actor, cause=ChangeCause.SIGNAL)
    else:
        other = other_of(signal)
        if other is None:
            raise Refusal("L’autre fiche n’existe plus : refusez le signalement.", field="keep")
        kept = keep or sheet
        if kept.pk not in {sheet.pk, other.pk}:
            raise Refusal("Gardez l’une des deux fiches signalées.", field="keep")
        return merge_sheets(kept, other if kept.pk == sheet.pk else sheet, actor=actor)
    return sheet


def other_of(signal: Signal) -> Sheet | None:
    """The second sheet of a double that is signalled."""
    rows = Sheet.objects.select_related("commune", "manager").exclude(state=SheetState.MERGED)
    return rows.filter(slug=str(signal.proposed.get("other", ""))).first()


@transaction.atomic
def refuse_signal(signal: Signal, reason: str, *, actor: Actor) -> None:
    """Leave the sheet as it is, and tell the sender why.

    Raises:
        Refusal: no reason is given, or somebody else has decided.
    """
    perms.require(actor, "directory.moderate", signal)
    if not reason.strip():
        raise Refusal("Dites pourquoi : la personne qui signale lira ce motif.", field="reason")
    _decide(_waiting(signal), SignalState.REFUSED, reason.strip(), actor)


def _waiting(signal: Signal) -> Signal:
    rows = Signal.objects.select_for_update(of=("self",)).select_related("commune", "sheet")
    signal = rows.get(pk=signal.pk)
    if signal.state != SignalState.WAITING:
        raise Refusal(
            f"Ce signalement a déjà été traité : {signal.get_state_display().lower()}.",
            code="state",
        )
    return signal


def _decide(signal: Signal, state: SignalState, reason: str, actor: Actor) -> None:
    signal.state, signal.reason = state, reason
    signal.decided_by, signal.decided_at = actor.user, clock.now()
    _answer(signal)
    signal.sender_email = ""  # it was kept for this answer alone
    signal.save()
    audit.record(actor, f"directory.signal_{state}", signal)


def _answer(signal: Signal) -> None:
    subject, text, html = emails.signal_answered(signal)
    cause = f"directory.signal-answer:{signal.pk}"
    if signal.sender is not None and signal.sender.is_active:
        url = reverse("directory:sheet", args=[signal.sheet.slug]) if signal.sheet else ""
        notify(
            [signal.sender],
            topic=ANSWERS.key,
            title=subject,
            body=signal.reason,
            cause=cause,
            url=url,
        )
    elif signal.sender_email:
        enqueue_email(
            cause=cause, recipient=signal.sender_email, subject=subject, text=text, html=html
        )


@transaction.atomic
def remind(*, actor: Actor = SYSTEM) -> int:
    """Say once more, a month later, that somebody waits; how many people were told.

    Each signal once, the oldest first: those beyond MOST_REMINDED come the mornings after.
    """
    old = Signal.objects.filter(
        state=SignalState.WAITING,
        reminded_at=None,
        created_at__lt=clock.now() - REMIND_AFTER,
    )
    some = old.select_related("commune", "sheet__manager").order_by("created_at", "pk")
    told, seen = 0, list(some[:MOST_REMINDED])
    for signal in seen:
        name = signal.sheet.name if signal.sheet else str(signal.proposed.get("name", "un lieu"))
        told += len(
            notify(
                moderators_of(signal.commune, signal.sheet),
                topic=TO_MODERATE.key,
                title=f"Un signalement attend depuis un mois : {name}",
                body="Personne n’y a répondu.",
                cause=f"directory.signal-reminder:{signal.pk}",
                url=page_of(signal),
            )
        )
    Signal.objects.filter(pk__in=[one.pk for one in seen]).update(reminded_at=clock.now())
    return told


def forget_addresses() -> int:
    """Addresses left for an answer that has not come in a year; how many."""
    old = Signal.objects.filter(created_at__lt=clock.now() - FORGET_AFTER)
    return old.exclude(sender_email="").update(sender_email="")
