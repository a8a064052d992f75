"""Every paper that the platform hands out, made once by the real actions, then forgotten."""

from dataclasses import dataclass

from django.db import transaction

from preau.accounts.enums import OrganizationKind
from preau.agreements.actions import advancing, drawing
from preau.agreements.drafting import content, preview, sample
from preau.agreements.drafting.facts import EquipmentLine, PriceLine
from preau.agreements.enums import LegalCase
from preau.agreements.loading import load_national_models
from preau.agreements.models import Agreement
from preau.agreements.signatories import signatories_of
from preau.core import clock
from preau.desk.papers import confirmation_data, inventory_data
from preau.documents import rendering, sealing, store
from preau.places.enums import Equipment, PlaceKind
from preau.places.models import SpaceEquipment
from tests.accounts.factories import OrganizationFactory
from tests.agreements import factories
from tests.booking.factories import people
from tests.desk.factories import inventory, signed
from tests.places.factories import PlaceFactory, SpaceFactory
from tests.signatures.factories import consented

EQUIPMENT = (
    EquipmentLine(label="Tables", quantity=10),
    EquipmentLine(label="Sonorisation", quantity=1),
)
PRICES = (
    PriceLine(label="Gymnase, soirée", detail="40 × 20,00 €", amount_cents=80_000),
    PriceLine(label="Sonorisation", detail="40 × 5,00 €", amount_cents=20_000),
)


@dataclass(frozen=True)
class Papers:
    """Files by name, and what the agreement of the series says."""

    files: dict
    content: dict
    signers: list


def every_paper():
    """Made in one transaction that leaves nothing behind."""
    with transaction.atomic():
        load_national_models()
        files = {f"modele_{case.name.lower()}": _national(case) for case in LegalCase}
        series = _series()
        files |= _signed(series)
        files["amendment"] = _amendment(series)
        files |= _of_the_desk()
        signers = [one.name for one in series.rounds.get().signatories.order_by("position")]
        made = Papers(files, series.content, signers)
        transaction.set_rollback(True)
    return made


def _national(case):
    """The national model as it would be signed, over forty invented Tuesdays."""
    facts = sample.facts(case)
    zones = drawing.zones_of(signatories_of(facts))
    version = factories.national_version(case)
    _, data = content.compose(version, facts, number=preview.NUMBER, zones=zones)
    pdf = rendering.render(content.TEMPLATE, data, at=sample.AT)
    boxes = rendering.boxes(content.TEMPLATE, data, at=sample.AT)
    return sealing.prepare(pdf, boxes, labels={})


def _series():
    """Forty evenings in the gymnasium of a collège: three sign."""
    departement = OrganizationFactory(verified=True, kind=OrganizationKind.DEPARTEMENT)
    place = PlaceFactory(
        owner=departement,
        kind=PlaceKind.ETABLISSEMENT_SCOLAIRE,
        name="Collège Simone-Veil",
        house_rules="Ne pas déplacer le piano.\n\n- Fermer les fenêtres.\n- Ranger les tapis.",
        access="Entrée par la cour.",
    )
    holder = OrganizationFactory(
        verified=True, kind=OrganizationKind.ASSOCIATION, rna="W381000000", name="Les Pas dansants"
    )
    return factories.agreement_of(
        place,
        holder,
        case=LegalCase.COLLEGE,
        space=SpaceFactory(place=place, name="Gymnase"),
        dates=40,
        prices=PRICES,
        total_cents=100_000,
        deposit_cents=30_000,
        change={"equipment": EQUIPMENT},
    )


def _signed(agreement):
    """The file at each step of its round, and the page of its proof."""
    drawing.render_agreement(agreement.pk)
    agreement.refresh_from_db()
    found = {"prepared": store.read(agreement.document.file)}
    round_ = agreement.rounds.get()
    for position in (1, 2, 3):
        consented(round_.signatories.get(position=position))
        advancing.advance(round_.pk)
        found[f"signed_{position}"] = store.read(round_.signatories.get(position=position).revision)
    round_.refresh_from_db()
    found["sealed"] = store.read(round_.outcome.file)
    found["evidence"] = store.read(round_.evidence.page.file)
    return found


def _amendment(first):
    """One evening more, at another price."""
    first = Agreement.objects.get(pk=first.pk)
    taken = list(first.occupancies.all())
    more = factories.occupancies(taken[0].space, 1, first=300)
    amendment = factories.agreement_of(
        first.place,
        first.holder_organization,
        case=LegalCase.COLLEGE,
        space=taken[0].space,
        amends=first,
        reason="Une soirée de plus, pour le spectacle.",
        taken=[*taken, *more],
        prices=PRICES,
        total_cents=102_000,
        deposit_cents=0,
        change={"equipment": EQUIPMENT},
    )
    return drawing.to_sign(amendment)


def _of_the_desk():
    here = people(name="Salle Olympe-de-Gouges", house_rules="Fermer en partant.")
    SpaceEquipment.objects.create(space=here.space, kind=Equipment.CHAIRS, quantity=80)
    booking = here.book(confirmed=True)
    found = signed(inventory(here, booking), here)
    at = clock.now()
    return {
        "inventory": rendering.render(
            "desk/inventory.typ", inventory_data(found, booking.holder_name), at=at
        ),
        "confirmation": rendering.render(
            "desk/confirmation.typ", confirmation_data(booking), at=at, trial=False
        ),
    }
