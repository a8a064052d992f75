"""What the register of companies says of an organisation: written down, compared, decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction

from preau.accounts import filling
from preau.accounts.actions.organizations import edit_organization
from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.outside import companies, provenance
from preau.outside.companies import Card
from preau.territories.models import Commune

COMPARED_EVERY = timedelta(days=30)
MOST_A_NIGHT = 2_000


@transaction.atomic
def note_filled(organization: Organization, number: str, *, actor: Actor) -> None:
    """Write down what came from the register, when the form that was just kept was filled from it.

    Args:
        number: the form's own word: believed only where the register was asked about it.
    """
    card = companies.kept(number) if number.isascii() and number.isdigit() else None
    if card is None or card.siren != organization.siren:
        return
    held = filling.held_by(organization)
    said = {name: text for name, text in filling.said_of(card).items() if held[name]}
    provenance.note(organization, said, source=companies.KEY, at=card.at)
    audit.record(actor, "organization.fill", organization)


def compare(organization: Organization, card: Card) -> int:
    """What the register says today, beside what the organisation holds. How many offers are new."""
    return provenance.refresh(
        organization,
        source=companies.KEY,
        said=filling.said_of(card),
        now_here=filling.held_by(organization),
        at=card.at,
    )


@transaction.atomic
def decide(organization: Organization, field: str, *, takes: bool, actor: Actor) -> None:
    """Take what the register now says of a field, or keep what is here.

    Raises:
        Refusal: nothing is offered any more ("over"), or the field is of what was verified.
    """
    if not allowed(actor, "organization.edit", organization):
        raise Forbidden
    row = provenance.of_subject(organization).get(field)
    if row is None or not row.offered:
        raise Refusal("Il n’y a plus rien à décider pour ce champ.", code="over")
    if takes:
        value: object = row.offered
        if field == "commune":
            value = Commune.objects.filter(code=row.offered, active=True).first()
            if value is None:
                raise Refusal("Nous n’avons pas cette commune : changez-la à la main.", code="none")
        edit_organization(actor=actor, organization=organization, **{field: value})
    provenance.decide(row)
    audit.record(actor, "organization.decide", organization, field=field, takes=takes)


def to_refresh() -> Iterator[Organization]:
    """Those whose fields were compared longest ago, a month at least, as many as a night takes."""
    label = Organization._meta.label_lower
    before = clock.now() - COMPARED_EVERY
    keys = provenance.oldest(label, source=companies.KEY, before=before, most=MOST_A_NIGHT)
    rows = Organization.objects.select_related("commune").filter(merged_into=None).exclude(siren="")
    for key in keys if companies.is_configured() else ():
        organization = rows.filter(pk=key).first()
        if organization is not None:
            yield organization
        else:  # merged, or without a number: it must not stand first every night
            provenance.put_off(label, key, source=companies.KEY, at=clock.now())


def put_off(organization: Organization) -> None:
    """It could not be compared: the others come first."""
    provenance.checked(organization, source=companies.KEY, at=clock.now())


def refresh_since(organization: Organization) -> bool:
    """Ask the register about it; False when it no longer knows the number.

    Raises:
        Unavailable: it does not answer.
    """
    card = companies.ask(organization.siret or organization.siren)
    if card is None:
        provenance.checked(organization, source=companies.KEY, at=clock.now())
        return False
    compare(organization, card)
    return True
