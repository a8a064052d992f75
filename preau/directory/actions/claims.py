"""An organisation asks to keep the sheet of its place."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.audiences import DECIDERS
from preau.accounts.models import Organization
from preau.accounts.perms import require_verified
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.directory import perms
from preau.directory.actions.sheets import set_manager
from preau.directory.enums import SignalState
from preau.directory.models import Sheet, SheetClaim
from preau.directory.people import authorities_of
from preau.directory.topics import ANSWERS, TO_MODERATE
from preau.notifications.actions import notify


def may_claim(actor: Actor) -> bool:
    """Whether they answer for an organisation."""
    return actor.membership is not None and actor.membership.role in DECIDERS


@transaction.atomic
def claim(sheet: Sheet, text: str, *, actor: Actor) -> SheetClaim:
    """Ask, for the organisation one acts for, to keep the sheet up to date.

    Raises:
        Refusal: not verified, asked already, or the sheet is that of a bookable place.
    """
    organization = actor.organization
    if organization is None or not may_claim(actor):
        raise Forbidden("Choisissez la structure pour laquelle vous agissez, puis recommencez.")
    require_verified(actor)
    if sheet.place_id:
        raise Refusal("Ce lieu se réserve ici : c’est son propriétaire qui tient la fiche.")
    if sheet.manager_id == organization.pk:
        raise Refusal("Votre structure tient déjà cette fiche.")
    try:
        with transaction.atomic():
            asked = SheetClaim.objects.create(
                sheet=sheet, organization=organization, asked_by=actor.user, text=text
            )
    except IntegrityError as error:
        raise Refusal("Votre structure a déjà demandé à tenir cette fiche.") from error
    audit.record(actor, "directory.claimed", sheet, claim=asked.pk)
    notify(
        authorities_of(sheet.commune),
        topic=TO_MODERATE.key,
        title=f"« {organization} » demande à tenir la fiche « {sheet} »",
        body=text[:300],
        cause=f"directory.claim:{asked.pk}",
        url=reverse("directory:inbox"),
    )
    return asked


@transaction.atomic
def decide_claim(asked: SheetClaim, *, accept: bool, reason: str = "", actor: Actor) -> None:
    """Recognise the organisation, or say why not.

    Raises:
        Refusal: no reason for a refusal, or somebody else has decided.
    """
    perms.require(actor, "directory.recognise", asked)
    rows = SheetClaim.objects.select_for_update(of=("self",))
    asked = rows.select_related("sheet__commune", "organization").get(pk=asked.pk)
    if asked.state != SignalState.WAITING:
        raise Refusal("Quelqu’un d’autre a déjà répondu à cette demande.", code="state")
    if not accept and not reason.strip():
        raise Refusal("Dites pourquoi : la structure lira ce motif.", field="reason")
    asked.state = SignalState.ACCEPTED if accept else SignalState.REFUSED
    asked.reason = "" if accept else reason.strip()
    asked.decided_by, asked.decided_at = actor.user, clock.now()
    asked.save()
    if accept:
        set_manager(asked.sheet, asked.organization, actor=actor)
    audit.record(actor, f"directory.claim_{asked.state}", asked.sheet, claim=asked.pk)
    _answer(asked, asked.organization)


def _answer(asked: SheetClaim, organization: Organization) -> None:
    if asked.asked_by is None:
        return
    accepted = asked.state == SignalState.ACCEPTED
    notify(
        [asked.asked_by],
        topic=ANSWERS.key,
        title=(
            f"« {organization} » tient maintenant la fiche « {asked.sheet} »"
            if accepted
            else f"La fiche « {asked.sheet} » n’est pas confiée à « {organization} »"
        ),
        body="Vérifiez ses horaires et ses services." if accepted else asked.reason,
        cause=f"directory.claim-answer:{asked.pk}",
        url=reverse("directory:sheet", args=[asked.sheet.slug]),
    )
