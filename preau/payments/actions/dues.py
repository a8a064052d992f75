"""Saying what is due: asked again after each change, it writes only what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from preau.accounts.actors import Actor
from preau.accounts.models import Organization, User
from preau.core import audit, clock
from preau.core.transactions import joined
from preau.core.vat import WITHOUT_VAT
from preau.payments.actions import incidents, numbering
from preau.payments.enums import UNTAXED, DueState, IncidentKind, LineKind, VatRegime
from preau.payments.events import due_changed
from preau.payments.models import CollectingOffice, Due, DueLine
from preau.places.models import Place


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is due.

    Attributes:
        vat_rate: hundredths of a percent, 2000 for 20 %; None: the office's own, if it asks any.
        day: of the service, if it has one.
    """

    kind: LineKind
    label: str
    cents: int
    vat_rate: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who owes: a person, an organisation, or somebody known by name only."""

    name: str
    user: User | None = None
    organization: Organization | None = None
    address: str = ""
    email: str = ""
    siret: str = ""


@joined
def ask(  # noqa: PLR0913  one argument a fact
    *,
    source: str,
    office: CollectingOffice,
    label: str,
    payer: Payer,
    lines: Iterable[Line],
    due_by: datetime | None,
    actor: Actor,
    place: Place | None = None,
    served: tuple[date, date] | None = None,
) -> Due | None:
    """Make what is due for a source be these lines. The same again does nothing.

    Call it with the source locked. Once something was asked, what is taken off is written as a
    line of its own, and what was paid beyond becomes an incident with the refund it proposes.

    Args:
        source: stable, "booking:AB12CD34EF": one due for ever.
        served: the first and the last day of the service.

    Returns:
        What is due; None when nothing is and nothing was.
    """
    wanted = [line for line in lines if line.cents]
    due = Due.objects.select_for_update(of=("self",)).filter(source=source).first()
    if due is None:
        if not wanted or not office.asks:
            return None
        due = _open(source, office, place, label, payer)
    _keep_facts(due, label, payer, due_by, served)
    _balance(due, wanted, actor)
    return due


@joined
def drop(source: str, *, actor: Actor) -> Due | None:
    """Nothing is due any more for this source. What was paid is proposed back."""
    due = Due.objects.select_for_update(of=("self",)).filter(source=source).first()
    if due is not None:
        _balance(due, [], actor)
    return due


def _open(
    source: str, office: CollectingOffice, place: Place | None, label: str, payer: Payer
) -> Due:
    year = clock.today(office.zone).year
    there = place.departement_code if place else office.organization.commune.departement_id
    return Due.objects.create(
        source=source,
        office=office,
        year=year,
        sequence=numbering.take(f"due:{office.pk}", year),
        payee=office.organization,
        place=place,
        departement_code=there,
        label=label[:200],
        payer_name=payer.name[:160],
        vat_regime=VatRegime.NO_VAT_THERE if there in WITHOUT_VAT else office.vat_regime,
    )


def _keep_facts(
    due: Due,
    label: str,
    payer: Payer,
    due_by: datetime | None,
    served: tuple[date, date] | None,
) -> None:
    """Who pays, until when, for which days: as it stands now."""
    first, last = served or (None, None)
    now = {
        "label": label[:200],
        "due_by": due_by,
        "served_from": first,
        "served_to": last,
        "payer_user_id": payer.user.pk if payer.user else None,
        "payer_organization_id": payer.organization.pk if payer.organization else None,
        "payer_name": payer.name[:160],
        "payer_address": payer.address[:250],
        "payer_email": payer.email,
        "payer_siret": payer.siret,
    }
    changed = {name: value for name, value in now.items() if getattr(due, name) != value}
    if changed:
        Due.objects.filter(pk=due.pk).update(**changed)
        for name, value in changed.items():
            setattr(due, name, value)


Key = tuple[str, str, int, date | None]


def _balance(due: Due, wanted: list[Line], actor: Actor) -> None:
    """Write the difference between what is asked and what was."""
    standing: Counter[Key] = Counter()
    for one in due.lines.all():
        standing[one.kind, one.label, one.vat_rate, one.day] += one.cents
    asked: Counter[Key] = Counter()
    for line in wanted:
        asked[str(line.kind), line.label[:200], _rate(due, line, standing), line.day] += line.cents
    is_new = not standing
    # In the order in which they are read: taken off last.
    keys = [*asked, *(key for key in standing if key not in asked)]
    added = [
        DueLine(
            due=due,
            kind=kind,
            label=label,
            vat_rate=vat_rate,
            day=day,
            cents=asked[kind, label, vat_rate, day] - standing[kind, label, vat_rate, day],
            is_adjustment=not is_new,
        )
        for kind, label, vat_rate, day in keys
        if asked[kind, label, vat_rate, day] != standing[kind, label, vat_rate, day]
    ]
    if not added:
        return
    before = due.total_cents
    DueLine.objects.bulk_create(added)
    refresh(due)
    audit.record(
        actor, "due.asked" if is_new else "due.changed", due, before=before, total=due.total_cents
    )
    kind_of = IncidentKind.GONE if due.state == DueState.NOTHING else IncidentKind.AMOUNT
    incidents.follow(due, kind_of)
    due_changed.send(sender=Due, due=due, actor=actor)


def _rate(due: Due, line: Line, standing: Counter[Key]) -> int:
    """The rate that was given when it was first asked, even if the office's changed since."""
    if due.vat_regime != VatRegime.LIABLE or line.kind in UNTAXED:
        return 0
    if line.vat_rate is not None:
        return line.vat_rate
    for (kind, label, rate, day), cents in standing.items():
        if cents and (kind, label, day) == (line.kind, line.label[:200], line.day):
            return rate
    return due.office.vat_rate or 0


def refresh(due: Due) -> None:
    """Read again what the triggers keep."""
    due.refresh_from_db(
        fields=["total_cents", "paid_cents", "refunded_cents", "state", "changed_at"]
    )


def locked(due: Due) -> Due:
    """The due as it stands, once we are alone on it; call it inside a transaction."""
    return (
        Due.objects.select_for_update(of=("self",))
        .select_related("office__organization__commune", "payer_user", "payer_organization")
        .get(pk=due.pk)
    )
