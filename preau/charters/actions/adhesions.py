"""A place joins, confirms, leaves; the keeper suspends; the clock takes the label back."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.agreements.actions.drawing import cancel_agreement, draw_up
from preau.agreements.enums import TRANSITIONS as AGREEMENT_MOVES
from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.agreements.queries import published
from preau.agreements.signatories import signatories_of
from preau.charters import perms, signing, telling
from preau.charters.enums import LIVE, TRANSITIONS, AdhesionState, CharterState
from preau.charters.models import Charter, CharterAdhesion
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.directory.actions.labels import drop_label, set_label
from preau.places.models import Place

REMIND_BEFORE = timedelta(days=30)
ALREADY = "Ce lieu adhère déjà à cette charte, ou une adhésion attend sa signature."


@transaction.atomic
def join(charter: Charter, place: Place, *, actor: Actor) -> CharterAdhesion:
    """Have the charter drawn up for a place, to be signed by both parties.

    Raises:
        Refusal: the charter is closed, the place has joined, somebody has yet to be named as
            the one who signs.
    """
    perms.require(actor, "charter.join", place)
    charter = Charter.objects.select_for_update(of=("self",)).get(pk=charter.pk)
    version = published(charter.model)
    if charter.state != CharterState.OPEN or version is None:
        raise Refusal("Cette charte ne reçoit pas d’adhésion en ce moment.", code="not_open")
    if not place.is_public:
        raise Refusal("Publiez d’abord le lieu : le label s’affiche sur sa page.", code="draft")
    if charter.adhesions.filter(place=place, state__in=LIVE).exists():
        raise Refusal(ALREADY, code="already")
    facts = signing.facts_of(charter, place)
    agreement = draw_up(
        actor=actor,
        version=version,
        place=place,
        holder_user=None,
        holder_organization=charter.keeper,
        occupancies=[],
        facts=facts,
        signatories=signatories_of(facts),
        days_to_sign=facts.days_to_sign,
    )
    adhesion = CharterAdhesion(
        charter=charter, place=place, agreement=agreement, asked_by=actor.user
    )
    try:
        with transaction.atomic():
            adhesion.save()
    except IntegrityError as error:
        raise Refusal(ALREADY, code="already") from error
    audit.record(actor, "charter.join", adhesion)
    telling.asked(adhesion)
    return adhesion


@transaction.atomic
def follow_agreement(agreement: Agreement, *, actor: Actor) -> None:
    """What becomes of the paper becomes of the adhesion."""
    adhesion = _locked_of(agreement)
    if adhesion is None:
        return
    today = clock.today(adhesion.place.zone)
    if agreement.state == AgreementState.SIGNED and adhesion.state == AdhesionState.SIGNING:
        adhesion.signed_on = today
        _confirm(adhesion, today)
        _move(adhesion, AdhesionState.ACTIVE, "signed_on", *_CONFIRMED)
        telling.signed(adhesion)
    elif not AGREEMENT_MOVES.get(AgreementState(agreement.state)) and adhesion.state in LIVE:
        words = AgreementState(agreement.state).label.lower()
        _end(adhesion, agreement.reason or f"La charte à signer est {words}.", today)


@transaction.atomic
def confirm(adhesion: CharterAdhesion, note: str, *, actor: Actor) -> CharterAdhesion:
    """Say again that the commitments are kept; a label withdrawn for want of it comes back.

    Raises:
        Refusal: the adhesion is not in force.
    """
    perms.require(actor, "charter.answer", adhesion)
    adhesion = _locked(adhesion)
    if adhesion.state not in {AdhesionState.ACTIVE, AdhesionState.LAPSED}:
        raise Refusal("Cette adhésion n’est pas à confirmer.", code="not_due")
    adhesion.note = note.strip()
    _confirm(adhesion, clock.today(adhesion.place.zone))
    if adhesion.state == AdhesionState.LAPSED:
        _move(adhesion, AdhesionState.ACTIVE, "note", *_CONFIRMED)
    else:
        adhesion.save(update_fields=["note", *_CONFIRMED])
        show_label(adhesion)
    audit.record(actor, "charter.confirm", adhesion)
    return adhesion


@transaction.atomic
def leave(adhesion: CharterAdhesion, reason: str, *, actor: Actor) -> CharterAdhesion:
    """The place takes its word back; what it had signed is ended with the reason."""
    perms.require(actor, "charter.answer", adhesion)
    adhesion = _locked(adhesion)
    if adhesion.state not in LIVE:
        raise Refusal("Cette adhésion est déjà terminée.", code="over")
    _give(adhesion, reason)
    if AgreementState.CANCELLED in AGREEMENT_MOVES.get(
        AgreementState(adhesion.agreement.state), frozenset()
    ):
        cancel_agreement(adhesion.agreement, reason, actor=actor)  # whose news ends the adhesion
        adhesion = _locked(adhesion)
    if adhesion.state in LIVE:
        _end(adhesion, reason, clock.today(adhesion.place.zone))
    audit.record(actor, "charter.leave", adhesion)
    telling.left(adhesion)
    return adhesion


@transaction.atomic
def suspend(adhesion: CharterAdhesion, reason: str, *, actor: Actor) -> CharterAdhesion:
    """The keeper withdraws the label: commitments are not kept. The place reads why."""
    perms.require(actor, "charter.keep", adhesion.charter)
    adhesion = _locked(adhesion)
    _give(adhesion, reason)
    _move(adhesion, AdhesionState.SUSPENDED, "reason")
    audit.record(actor, "charter.suspend", adhesion, reason=reason)
    telling.suspended(adhesion)
    return adhesion


@transaction.atomic
def reinstate(adhesion: CharterAdhesion, *, actor: Actor) -> CharterAdhesion:
    """The keeper gives the label back after a suspension."""
    perms.require(actor, "charter.keep", adhesion.charter)
    adhesion = _locked(adhesion)
    if adhesion.state != AdhesionState.SUSPENDED:
        raise Refusal("Cette adhésion n’est pas suspendue.", code="not_suspended")
    adhesion.reason = ""
    _confirm(adhesion, clock.today(adhesion.place.zone))
    _move(adhesion, AdhesionState.ACTIVE, "reason", *_CONFIRMED)
    audit.record(actor, "charter.reinstate", adhesion)
    telling.reinstated(adhesion)
    return adhesion


@transaction.atomic
def look_after(adhesion: CharterAdhesion) -> bool:
    """What the night does: remind, then take the label back. Again does nothing more."""
    adhesion = _locked(adhesion)
    today = clock.today(adhesion.place.zone)
    if adhesion.state != AdhesionState.ACTIVE or adhesion.confirm_by is None:
        return False
    assert adhesion.label_ends_on is not None
    if today > adhesion.label_ends_on:
        _move(adhesion, AdhesionState.LAPSED)
        audit.record(SYSTEM, "charter.lapse", adhesion)
        telling.lapsed(adhesion)
        return True
    if adhesion.reminded_on is None and today >= adhesion.confirm_by - REMIND_BEFORE:
        adhesion.reminded_on = today
        adhesion.save(update_fields=["reminded_on"])
        telling.to_confirm(adhesion)
        return True
    return False


_CONFIRMED = ("confirmed_on", "confirm_by", "reminded_on")


def _confirm(adhesion: CharterAdhesion, today: date) -> None:
    months = relativedelta(months=adhesion.charter.confirm_months)
    adhesion.confirmed_on, adhesion.confirm_by = today, today + months
    adhesion.reminded_on = None


def _give(adhesion: CharterAdhesion, reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            "Donnez le motif : l’autre partie le lira.", field="reason", code="reason_needed"
        )
    adhesion.reason = reason.strip()[:500]


def _end(adhesion: CharterAdhesion, reason: str, today: date) -> None:
    adhesion.reason, adhesion.ended_on = reason.strip()[:500], today
    _move(adhesion, AdhesionState.ENDED, "reason", "ended_on")


def _move(adhesion: CharterAdhesion, state: AdhesionState, *fields: str) -> None:
    if state not in TRANSITIONS.get(AdhesionState(adhesion.state), frozenset()):
        raise Refusal("Cette adhésion a changé entre-temps. Rechargez la page.", code="state")
    adhesion.state = state
    adhesion.save(update_fields=["state", *fields])
    show_label(adhesion)


def show_label(adhesion: CharterAdhesion) -> None:
    """The directory shows what stands."""
    sheet = getattr(adhesion.place, "sheet", None)
    if adhesion.bears_label and sheet is not None and adhesion.signed_on is not None:
        set_label(
            sheet,
            source=adhesion.label_source,
            words=adhesion.charter.label,
            url=adhesion.charter.get_absolute_url(),
            since=adhesion.signed_on,
            until=adhesion.label_ends_on,
        )
    else:
        drop_label(source=adhesion.label_source)


def _locked(adhesion: CharterAdhesion) -> CharterAdhesion:
    return (
        CharterAdhesion.objects.select_for_update(of=("self",))
        .select_related("charter__keeper", "place__owner", "place__sheet", "agreement")
        .get(pk=adhesion.pk)
    )


def _locked_of(agreement: Agreement) -> CharterAdhesion | None:
    found = CharterAdhesion.objects.filter(agreement=agreement).only("pk").first()
    return _locked(found) if found else None
