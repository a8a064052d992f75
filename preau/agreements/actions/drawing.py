"""An agreement drawn up, rendered, sent to signature; and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from procrastinate.contrib.django import app

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Organization, User
from preau.agreements import gates
from preau.agreements.actions import outcome, rounds
from preau.agreements.drafting import amendments, content
from preau.agreements.drafting.facts import AgreementFacts, Amendment
from preau.agreements.enums import TRANSITIONS, AgreementState
from preau.agreements.events import agreement_changed
from preau.agreements.models import (
    Agreement,
    AgreementCounter,
    AgreementOccupancy,
    ModelVersion,
)
from preau.agreements.signing_enums import ProviderName
from preau.availability.models import Occupancy
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.documents import actions as documents
from preau.documents import rendering, sealing
from preau.documents.enums import DocumentKind
from preau.places.models import Place

#: The task of `tasks.py`, by name: actions and tasks need each other.
RENDER = "agreements.render"


def next_sequence(owner: Organization, year: int) -> int:
    """The next number of the year, without a gap: the row stays locked until the commit."""
    AgreementCounter.objects.get_or_create(owner=owner, year=year)
    counter = AgreementCounter.objects.select_for_update().get(owner=owner, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def number_of(owner_id: int, year: int, sequence: int, amendment: int = 0) -> str:
    """« 2027-12-0001 », « 2027-12-0001-A1 »: one number in the whole of Préau."""
    number = f"{year}-{owner_id}-{sequence:04d}"
    return f"{number}-A{amendment}" if amendment else number


@transaction.atomic
def draw_up(  # noqa: PLR0913  an agreement has that many parts, each named by the caller
    *,
    actor: Actor,
    version: ModelVersion,
    place: Place,
    holder_user: User | None,
    holder_organization: Organization | None,
    occupancies: Sequence[Occupancy],
    facts: AgreementFacts,
    signatories: Sequence[rounds.SignatoryWanted],
    days_to_sign: int,
    provider: str = ProviderName.INTERNAL,
    amends: Agreement | None = None,
    reason: str = "",
) -> Agreement:
    """Freeze what an agreement says, plan who signs it, and have it rendered.

    Args:
        amends: the signed agreement that this one changes; its version of the model is kept.
        reason: why it is amended, in words for the parties.

    Raises:
        Refusal: something is missing (`gates`), the version is a draft, nothing changes.
    """
    first = _to_amend(amends) if amends is not None else None
    version = first.version if first else version
    _refuse_unready(version, facts)
    agreement = _blank(version, place, facts, first, actor)
    agreement.holder_user = None if holder_organization else holder_user
    agreement.holder_organization = holder_organization
    _number(agreement, first)
    if first is not None:
        facts = facts.with_amendment(_amendment(first, reason))
    _write(agreement, facts, signatories, first)
    AgreementOccupancy.objects.bulk_create(
        AgreementOccupancy(agreement=agreement, occupancy=one) for one in occupancies
    )
    deadline = clock.now() + timedelta(days=days_to_sign)
    rounds.plan_round(agreement, signatories, deadline=deadline, actor=actor, provider=provider)
    audit.record(actor, "agreement.draw_up", agreement, version=version.pk)
    app.configure_task(RENDER, lock=f"agreement:{agreement.pk}").defer(agreement_id=agreement.pk)
    agreement_changed.send(sender=Agreement, agreement=agreement, actor=actor)
    return agreement


def _blank(
    version: ModelVersion,
    place: Place,
    facts: AgreementFacts,
    first: Agreement | None,
    actor: Actor,
) -> Agreement:
    return Agreement(
        owner=first.owner if first else place.owner,
        version=version,
        place=place,
        amends=first,
        subject=facts.purpose[:160],
        starts_on=facts.first_day,
        ends_on=facts.last_day,
        total_cents=facts.total_cents,
        created_by=actor.user,
        created_at=clock.now(),
    )


def _refuse_unready(version: ModelVersion, facts: AgreementFacts) -> None:
    if not version.is_published:
        raise Refusal("Ce modèle n’est pas encore publié.", code="not_published")
    for one in gates.missing(version, facts):
        raise Refusal(one.sentence, code=one.code)


def _to_amend(agreement: Agreement) -> Agreement:
    """The first agreement of the family, locked: amendments are numbered one at a time."""
    first = Agreement.objects.select_for_update(of=("self",)).get(
        pk=agreement.amends_id or agreement.pk
    )
    if first.state != AgreementState.SIGNED:
        raise Refusal("Seule une convention signée se modifie par avenant.", code="not_signed")
    return first


def _number(agreement: Agreement, first: Agreement | None) -> None:
    if first is None:
        agreement.year = clock.today(agreement.place.zone).year
        agreement.sequence = next_sequence(agreement.owner, agreement.year)
    else:
        last = first.amendments.aggregate(last=Max("amendment"))["last"] or 0
        agreement.year, agreement.sequence = first.year, first.sequence
        agreement.amendment = last + 1
    agreement.number = number_of(
        agreement.owner_id, agreement.year, agreement.sequence, agreement.amendment
    )


def _amendment(first: Agreement, reason: str) -> Amendment:
    assert first.signed_at is not None
    signed_on = first.signed_at.astimezone(first.place.zone).date()
    return Amendment(of=first.number, signed_on=signed_on, reason=reason)


def zones_of(wanted: Sequence[rounds.SignatoryWanted]) -> list[dict[str, str]]:
    """One zone each, under the label of their field."""
    return [
        {
            "label": rounds.field_of(rank),
            "name": one.name,
            "quality": ", pour ".join(word for word in (one.capacity, one.party) if word),
        }
        for rank, one in enumerate(wanted, start=1)
    ]


def _write(
    agreement: Agreement,
    facts: AgreementFacts,
    signatories: Sequence[rounds.SignatoryWanted],
    first: Agreement | None,
) -> None:
    """Everything the agreement says, as data; a second amendment at once is refused."""
    values, made = content.compose(
        agreement.version, facts, number=agreement.number, zones=zones_of(signatories)
    )
    if first is not None and facts.amendment is not None:
        before = amendments.in_force(first)
        made = amendments.amend(made, before, facts.amendment, rank=agreement.amendment)
    agreement.variables, agreement.content = values, made
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        raise Refusal(
            "Un avenant à cette convention attend déjà sa signature.", code="amendment_pending"
        ) from error


def render_agreement(agreement_id: int) -> bool:
    """Make the file, put it in the vault, open the round. Again: nothing more."""
    agreement = Agreement.objects.select_related("place__owner", "owner").get(pk=agreement_id)
    if agreement.state != AgreementState.DRAWING:
        return False
    # Outside the transaction: the same data and instant give the same bytes, whoever comes twice.
    pdf = to_sign(agreement)
    with transaction.atomic():
        locked = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        round_ = locked.rounds.order_by("-number").first()
        if locked.state != AgreementState.DRAWING or round_ is None or not round_.is_live:
            return False
        locked.document = documents.deposit(
            actor=SYSTEM,
            kind=DocumentKind.AGREEMENT,
            title=f"{agreement.title}, à signer",
            content=pdf,
            media_type="application/pdf",
            owner_organization=agreement.owner,
        )
        documents.share(locked.document, outcome.readers_of(agreement), actor=SYSTEM)
        _mark(locked, AgreementState.SIGNING, SYSTEM, "document")
        rounds.open_round(round_, locked.document.file, actor=SYSTEM)
    return True


def to_sign(agreement: Agreement) -> bytes:
    """The PDF of an agreement with its signature fields, empty."""
    at, data = agreement.created_at, agreement.content
    pdf = rendering.render(content.TEMPLATE, data, at=at)
    boxes = rendering.boxes(content.TEMPLATE, data, at=at)
    names = {zone["label"]: f"Signature de {zone['name']}" for zone in data["zones"]}
    return sealing.prepare(pdf, boxes, labels=names)


@transaction.atomic
def cancel_agreement(agreement: Agreement, reason: str, *, actor: Actor) -> Agreement:
    """End an agreement: withdrawn before signature, or ended after it. The reason is kept.

    Raises:
        Refusal: no reason is given, it is over already, or all have just signed.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if AgreementState.CANCELLED not in TRANSITIONS.get(AgreementState(agreement.state), ()):
        raise Refusal("Cette convention est déjà terminée.", code="over")
    if not reason.strip():
        raise Refusal(
            "Dites pourquoi la convention s’arrête : les parties le liront.",
            field="reason",
            code="reason_needed",
        )
    round_ = agreement.rounds.filter(closed_at=None).first()
    if round_ is not None:
        rounds.cancel_round(round_, actor=actor, reason=reason)
        outcome.set_aside(agreement)
    agreement.reason, agreement.cancelled_at = reason.strip(), clock.now()
    _mark(agreement, AgreementState.CANCELLED, actor, "reason", "cancelled_at", "document")
    audit.record(actor, "agreement.cancel", agreement, reason=reason)
    return agreement


def _mark(agreement: Agreement, state: AgreementState, actor: Actor, *fields: str) -> None:
    if state not in TRANSITIONS.get(AgreementState(agreement.state), ()):
        raise Refusal("Cette convention a changé entre-temps.", code="state")
    agreement.state = state
    agreement.save(update_fields=["state", *fields])
    agreement_changed.send(sender=Agreement, agreement=agreement, actor=actor)
