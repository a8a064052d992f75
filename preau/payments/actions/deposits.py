"""Deposits: asked with a booking, received, given back, or kept for a reason the occupant read.

Keeping takes three steps: it is announced with its reason and photos, the occupant may answer,
then somebody decides. What is kept is asked as a sum due for the damage.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.files.base import File
from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import euros
from preau.core.transactions import joined
from preau.documents import images
from preau.documents.models import StoredFile
from preau.payments import deposit_letters as letters
from preau.payments.actions import dues, money
from preau.payments.actions.dues import Line, Payer
from preau.payments.enums import DepositMeans, DepositState, LineKind, Means
from preau.payments.models import CollectingOffice, Deposit, DepositPhoto, Due
from preau.payments.perms import require
from preau.places.models import Place

#: How long the occupant has to answer what is announced.
DAYS_TO_ANSWER = 15
MOST_PHOTOS = 12
#: A change of these is told to who is to hand it over.
_TOLD = {"state", "wanted_cents", "holder_user", "holder_organization", "holder_email"}
_ENTERED = {DepositMeans.CASH: Means.CASH, DepositMeans.TRANSFER: Means.TRANSFER}


@joined
def want(
    *,
    source: str,
    office: CollectingOffice,
    place: Place,
    label: str,
    holder: Payer,
    cents: int,
    turn: str = "first",
    actor: Actor,
) -> Deposit | None:
    """Ask for a deposit; again, after a change, only what differs, and they are told of it.

    Call it with the source locked. Once received, the sum no longer changes: both sides are told
    what would be asked now.

    Args:
        cents: 0 when none is wanted any more.
        turn: of the price that wants it; each is told once.

    Returns:
        The deposit; None when none is wanted and none ever was.
    """
    deposit = Deposit.objects.select_for_update(of=("self",)).filter(source=source).first()
    if cents == 0:
        return drop(source, actor=actor, turn=turn)
    who = _who(label, holder)
    if deposit is None:
        deposit = Deposit.objects.create(
            source=source, office=office, place=place, wanted_cents=cents, **who
        )
        audit.record(actor, "deposit.wanted", deposit, cents=cents)
        letters.tell_wanted(deposit)
        return deposit
    if deposit.state == DepositState.DROPPED:
        who |= {"state": DepositState.WANTED, "decided_at": None, "decided_by": None}
    if deposit.state in {DepositState.WANTED, DepositState.DROPPED}:
        who["wanted_cents"] = cents
    changed = {name: value for name, value in who.items() if getattr(deposit, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(deposit, name, value)
        deposit.save(update_fields=list(changed))
        event = audit.record(actor, "deposit.changed", deposit, cents=deposit.wanted_cents)
        if deposit.state == DepositState.WANTED and _TOLD & changed.keys():
            is_new = "state" in changed or "wanted_cents" not in changed
            letters.tell_wanted(deposit, turn=str(event.pk), is_new=is_new)
    _tell_if_differs(deposit, cents, turn, actor)
    return deposit


def _tell_if_differs(deposit: Deposit, cents: int, turn: str, actor: Actor) -> None:
    """Of what is held, when the price asks another sum, or asks it again after another."""
    if not deposit.is_held:
        return
    told = audit.history(deposit).filter(verb="deposit.differs").last()
    last = told.data["cents"] if told else deposit.wanted_cents
    if cents == last == deposit.wanted_cents:
        return
    if cents != last:
        audit.record(actor, "deposit.differs", deposit, cents=cents)
    letters.tell_differs(deposit, cents, turn=turn)


def _who(label: str, holder: Payer) -> dict[str, object]:
    """What is written of whom it is asked, and for what."""
    return {
        "label": label[:200],
        "holder_name": holder.name[:160],
        "holder_user": holder.user,
        "holder_organization": holder.organization,
        "holder_email": holder.email,
    }


@joined
def drop(source: str, *, actor: Actor, turn: str = "") -> Deposit | None:
    """Nothing is wanted any more. What is held is still to be given back.

    Args:
        turn: of the price that wants none, told to the occupant, who would not guess: what it was
            wanted for goes on.
    """
    deposit = Deposit.objects.select_for_update(of=("self",)).filter(source=source).first()
    if deposit is not None and deposit.state == DepositState.WANTED:
        _close(deposit, DepositState.DROPPED, actor)
        event = audit.record(actor, "deposit.dropped", deposit)
        if turn:
            letters.tell_dropped(deposit, turn=str(event.pk))
    elif deposit is not None and turn:
        _tell_if_differs(deposit, 0, turn, actor)
    return deposit


@transaction.atomic
def receive(
    deposit: Deposit, *, means: DepositMeans, cheque_number: str = "", actor: Actor
) -> Deposit:
    """Note that it was handed over. Twice the same is once.

    Raises:
        Refusal: no number of the cheque; it is not wanted any more; it was received otherwise.
    """
    require(actor, "payments.receive_deposit", deposit)
    deposit = _locked(deposit)
    number = cheque_number.strip()[:20] if means == DepositMeans.CHEQUE else ""
    if deposit.state == DepositState.HELD:
        if (deposit.means, deposit.cheque_number) != (means, number):
            raise Refusal(_received_otherwise(deposit), code="again")
        return deposit
    if deposit.state != DepositState.WANTED:
        raise Refusal("Cette caution n’est plus attendue.", code="gone")
    if means == DepositMeans.CHEQUE and not number:
        raise Refusal("Notez le numéro du chèque.", field="cheque_number")
    deposit.state, deposit.means = DepositState.HELD, means
    deposit.cheque_number = number
    deposit.received_at, deposit.received_by = clock.now(), actor.user
    deposit.save()
    audit.record(actor, "deposit.received", deposit, means=means)
    letters.tell_received(deposit)
    return deposit


def _received_otherwise(deposit: Deposit) -> str:
    how = f"par chèque n° {deposit.cheque_number}"
    if deposit.means != DepositMeans.CHEQUE:
        how = f"sous une autre forme ({deposit.get_means_display().lower()})"
    by = deposit.received_by or "la régie"
    return f"Cette caution est déjà notée comme reçue, {how}, par {by}."


@transaction.atomic
def give_back(deposit: Deposit, *, actor: Actor) -> Deposit:
    """Give it back whole; also the way to give up what was announced.

    Raises:
        Refusal: nothing is held.
    """
    require(actor, "payments.receive_deposit", deposit)
    deposit = _locked(deposit)
    if deposit.state == DepositState.PROPOSED:
        require(actor, "payments.keep_deposit", deposit)
    if not deposit.is_held:
        raise Refusal("Aucune caution n’est détenue ici.", code="gone")
    deposit.kept_cents = 0
    _close(deposit, DepositState.RETURNED, actor)
    audit.record(actor, "deposit.returned", deposit)
    letters.tell_closed(deposit)
    return deposit


@transaction.atomic
def announce(
    deposit: Deposit,
    *,
    cents: int,
    reason: str,
    actor: Actor,
    photos: Iterable[tuple[StoredFile, StoredFile, str]] = (),
) -> Deposit:
    """Tell the occupant what would be kept and why; they have time to answer.

    Announced again with another sum or reason, the time begins anew.

    Args:
        photos: (file, thumbnail, what it shows): those of the departure inventory.

    Raises:
        Refusal: nothing held, no reason, more than the deposit; what it guarantees is yet to begin.
    """
    require(actor, "payments.keep_deposit", deposit)
    deposit = _locked(deposit)
    if not deposit.is_held:
        raise Refusal("Aucune caution n’est détenue ici.", code="gone")
    if deposit.is_early:
        raise Refusal(
            "L’occupation n’a pas commencé : rien ne peut encore être retenu.", code="early"
        )
    if not reason.strip():
        raise Refusal("Dites ce qui est abîmé : l’occupant le lira.", field="reason")
    if not 0 < cents <= deposit.wanted_cents:
        raise Refusal(
            f"La retenue va de 0,01 € à {euros(deposit.wanted_cents)}, le montant de la caution.",
            field="amount",
        )
    for file, thumbnail, caption in photos:
        DepositPhoto.objects.get_or_create(
            deposit=deposit, file=file, defaults={"thumbnail": thumbnail, "caption": caption[:200]}
        )
    now = clock.now()
    deposit.state, deposit.kept_cents, deposit.reason = (
        DepositState.PROPOSED,
        cents,
        reason.strip()[:1000],
    )
    deposit.told_at, deposit.answer_by = now, now + timedelta(days=DAYS_TO_ANSWER)
    deposit.answer, deposit.answered_at, deposit.agrees = "", None, None
    deposit.save()
    audit.record(actor, "deposit.announced", deposit, cents=cents)
    letters.tell_proposed(deposit)
    return deposit


@transaction.atomic
def add_photo(deposit: Deposit, upload: File[bytes], caption: str, *, actor: Actor) -> DepositPhoto:
    """Show what was broken, before anything is announced.

    Raises:
        Refusal: not a picture; too many; it is announced or over.
    """
    require(actor, "payments.keep_deposit", deposit)
    deposit = _locked(deposit)
    if deposit.state != DepositState.HELD:
        raise Refusal("Ajoutez les photos avant d’annoncer la retenue.", code="gone")
    if deposit.photos.count() >= MOST_PHOTOS:
        raise Refusal(f"{MOST_PHOTOS} photos au plus.", field="file")
    if not caption.strip():
        raise Refusal("Dites ce que montre la photo.", field="caption")
    picture = images.keep(upload, actor=actor)
    photo, _ = DepositPhoto.objects.get_or_create(
        deposit=deposit,
        file=picture.full,
        defaults={"thumbnail": picture.thumbnail, "caption": caption.strip()[:200]},
    )
    audit.record(actor, "deposit.photo_added", deposit)
    return photo


@transaction.atomic
def answer(deposit: Deposit, answer: str, *, agrees: bool = False, actor: Actor) -> Deposit:
    """The occupant says what they think of it, once.

    Args:
        agrees: with what would be kept; then they need not say more.

    Raises:
        Refusal: they disagree and do not say why; the time is over.
    """
    require(actor, "payments.answer_deposit", deposit)
    deposit = _locked(deposit)
    if not agrees and not answer.strip():
        raise Refusal("Dites ce que vous contestez : le lieu le lira.", field="answer")
    if not deposit.may_answer:
        raise Refusal("Le délai de réponse est passé, ou vous avez déjà répondu.", code="gone")
    deposit.answer, deposit.answered_at = answer.strip()[:2000], clock.now()
    deposit.agrees = agrees
    deposit.save(update_fields=["answer", "answered_at", "agrees"])
    audit.record(actor, "deposit.answered", deposit, agrees=agrees)
    letters.tell_answered(deposit)
    return deposit


@transaction.atomic
def keep(deposit: Deposit, *, decision: str, actor: Actor) -> Deposit:
    """Keep what was announced, once the occupant answered or had the time to.

    Raises:
        Refusal: not announced; still time to answer; a disagreement that nobody replies to.
    """
    require(actor, "payments.keep_deposit", deposit)
    deposit = _locked(deposit)
    if deposit.state != DepositState.PROPOSED:
        raise Refusal("Aucune retenue n’est annoncée.", code="gone")
    if not deposit.may_decide:
        raise Refusal("L’occupant peut encore répondre : attendez la date annoncée.", code="early")
    if deposit.answered_at is not None and not deposit.agrees and not decision.strip():
        raise Refusal("L’occupant a répondu : dites-lui ce que vous en pensez.", field="decision")
    deposit.decision = decision.strip()[:1000]
    deposit.due = _ask_for_damage(deposit, actor)
    whole = deposit.kept_cents == deposit.wanted_cents
    _close(deposit, DepositState.KEPT if whole else DepositState.KEPT_IN_PART, actor)
    audit.record(actor, "deposit.kept", deposit, cents=deposit.kept_cents)
    letters.tell_closed(deposit)
    return deposit


def _ask_for_damage(deposit: Deposit, actor: Actor) -> Due | None:
    """What is kept becomes a sum due, paid at once when the money is already there."""
    due = dues.ask(
        source=f"deposit:{deposit.key}",
        office=deposit.office,
        place=deposit.place,
        label=f"Dégradations : {deposit.label}"[:200],
        payer=Payer(
            deposit.holder_name,
            deposit.holder_user,
            deposit.holder_organization,
            email=deposit.holder_email,
        ),
        lines=[Line(LineKind.DAMAGE, deposit.reason[:200], deposit.kept_cents)],
        due_by=None,
        actor=actor,
    )
    means = _ENTERED.get(DepositMeans(deposit.means))
    if due is not None and means is not None:
        money.record_held(due, cents=deposit.kept_cents, means=means, actor=actor)
    return due


def _close(deposit: Deposit, state: DepositState, actor: Actor) -> None:
    deposit.state, deposit.decided_at = state, clock.now()
    deposit.decided_by = actor.user if actor is not SYSTEM else None
    deposit.save()


def _locked(deposit: Deposit) -> Deposit:
    return (
        Deposit.objects.select_for_update(of=("self",))
        .select_related(
            "office__organization__commune", "place", "holder_user", "holder_organization"
        )
        .get(pk=deposit.pk)
    )
