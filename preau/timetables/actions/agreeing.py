"""One agreement a provider and place, drawn up when nothing is missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.agreements.actions.drawing import cancel_agreement, draw_up
from preau.agreements.actions.settings import of as signing_settings
from preau.agreements.drafting.facts import AgreementFacts, Attendance, Insurance, Person
from preau.agreements.drafting.gathering import Wanted, case_for, gather, person_of
from preau.agreements.enums import PENDING, AgreementState
from preau.agreements.gates import missing
from preau.agreements.models import Agreement, ModelVersion
from preau.agreements.queries import usable_version
from preau.agreements.signatories import signatories_of
from preau.availability.models import Occupancy
from preau.core import audit
from preau.core.errors import Refusal
from preau.documents.enums import DocumentKind
from preau.documents.models import Document
from preau.places.categories import category_of
from preau.timetables import perms
from preau.timetables.models import Hosting, HostingAgreement, Residency
from preau.timetables.queries.providers import provider_of, signatory_of

DAYS_TO_SIGN = 30


def draw_all(hosting: Hosting, *, actor: Actor) -> None:
    """An agreement for each provider of the place, or what keeps it from being, kept in words."""
    by_provider: dict[str, list[Residency]] = {}
    for one in hosting.residencies.select_related("need__provider", "need__mediator"):
        by_provider.setdefault(one.need.provider_name, []).append(one)
    for name, residencies in sorted(by_provider.items()):
        line, _ = HostingAgreement.objects.get_or_create(hosting=hosting, provider_name=name)
        _draw(line, residencies, actor)


@transaction.atomic
def draw_again(line: HostingAgreement, *, actor: Actor) -> None:
    """Once what was missing has come.

    Raises:
        Refusal: something is still missing, or an agreement stands.
    """
    perms.require(actor, "hosting.answer", line.hosting)
    line = HostingAgreement.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if line.agreement_id is not None:
        raise Refusal("La convention est déjà établie.", code="drawn")
    rows = line.hosting.residencies.filter(need__provider_name=line.provider_name)
    _draw(line, list(rows.select_related("need__provider", "need__mediator")), actor)
    if line.agreement_id is None:
        raise Refusal(f"Il manque encore : {' '.join(line.missing)}", code="missing")


def _draw(line: HostingAgreement, residencies: Sequence[Residency], actor: Actor) -> None:
    hosting = line.hosting
    line.provider = next(filter(None, (provider_of(one.need) for one in residencies)), None)
    if line.provider is None:
        line.missing = [
            f"« {line.provider_name} » n’est pas inscrite sur Préau : passez cette convention avec"
            " elle hors de Préau."
        ]
        line.save()
        return
    rows = Occupancy.objects.filter(
        residency_date__residency__in=residencies, released_at=None
    ).select_related("space")
    occupancies = list(rows.order_by("period", "id"))
    version = usable_version(
        hosting.place.owner_id, case_for(hosting.place, category_of(line.provider))
    )
    if version is None or not occupancies:
        line.missing = ["Aucun modèle de convention n’est publié pour ce cas."]
        line.save()
        return
    facts = _facts(version, hosting, line.provider, residencies, occupancies)
    line.missing = [one.sentence for one in missing(version, facts)]
    if not line.missing:
        _drawn(line, version, facts, occupancies, actor)
    line.save()
    audit.record(actor, "hosting.agreement", hosting, drawn=line.agreement_id)


def _drawn(
    line: HostingAgreement,
    version: ModelVersion,
    facts: AgreementFacts,
    occupancies: Sequence[Occupancy],
    actor: Actor,
) -> None:
    place = line.hosting.place
    try:
        with transaction.atomic():
            line.agreement = draw_up(
                actor=actor,
                version=version,
                place=place,
                holder_user=None,
                holder_organization=line.provider,
                occupancies=occupancies,
                facts=facts,
                signatories=signatories_of(facts),
                days_to_sign=DAYS_TO_SIGN,
                provider=signing_settings(place.owner).provider,
            )
    except Refusal as refusal:
        line.missing = [refusal.sentence]


def _facts(
    version: ModelVersion,
    hosting: Hosting,
    provider: Organization,
    residencies: Sequence[Residency],
    occupancies: Sequence[Occupancy],
) -> AgreementFacts:
    labels = list(dict.fromkeys(one.need.label for one in residencies))
    people = max(one.need.capacity for one in residencies)
    mediators = [one.need.mediator.name for one in residencies if one.need.mediator]
    wanted = Wanted(
        purpose=f"Permanences : {', '.join(labels)}",
        attendance=Attendance(people=people, safety_person=next(iter(mediators), "")),
        insurance=_insurance(provider),
        days_to_sign=DAYS_TO_SIGN,
    )
    return gather(
        version.model.case,  # type: ignore[arg-type]
        hosting.place,
        occupancies,
        wanted,
        holder_user=None,
        holder_organization=provider,
        representative=_representative(provider, residencies),
    )


def _representative(provider: Organization, residencies: Sequence[Residency]) -> Person | None:
    """Who the provider says signs for it; else who the coordinator was told of."""
    if (named := signatory_of(provider)) is not None:
        return person_of(named)
    need = next((one.need for one in residencies if one.need.signatory_name), None)
    if need is None or not need.signatory_email:
        return None
    return Person(
        name=need.signatory_name, email=need.signatory_email, capacity=need.signatory_capacity
    )


def _insurance(provider: Organization) -> tuple[Insurance, ...]:
    """The certificates in the provider's vault: only until when."""
    rows = Document.objects.filter(
        owner_organization=provider, kind=DocumentKind.INSURANCE, removed_at=None
    ).exclude(expires_on=None)
    return tuple(Insurance(valid_until=one.expires_on) for one in rows if one.expires_on)


def withdraw_all(hosting: Hosting, reason: str, *, actor: Actor) -> None:
    """The sittings are over before their time: so are their agreements."""
    for agreement in _agreements(hosting, PENDING | {AgreementState.SIGNED}):
        cancel_agreement(agreement, reason, actor=actor)


def withdraw_unsigned(hosting: Hosting, reason: str, *, actor: Actor) -> None:
    """The season has run its course: what was signed stays the proof of it."""
    for agreement in _agreements(hosting, PENDING):
        try:
            cancel_agreement(agreement, reason, actor=actor)
        except Refusal:
            continue  # all have just signed: it is about to be sealed, and kept


def _agreements(hosting: Hosting, states: Collection[str]) -> list[Agreement]:
    lines = hosting.agreements.filter(agreement__state__in=states).select_related("agreement")
    return [line.agreement for line in lines if line.agreement is not None]
