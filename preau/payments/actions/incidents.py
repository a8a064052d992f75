"""What went wrong with money: opened once, following what is due, settled by somebody."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import euros
from preau.payments.enums import (
    GIVES_BACK,
    LIVE_REFUNDS,
    UNSETTLED,
    IncidentKind,
    IncidentState,
)
from preau.payments.events import incident_opened
from preau.payments.models import Due, Incident, Operation
from preau.payments.perms import require

_FACTS = {
    IncidentKind.GONE: "Il n’y a plus rien à payer pour « {label} », et {kept} ont été payés.",
    IncidentKind.LATE: "Le paiement est arrivé après que Préau l’a tenu pour abandonné.",
    IncidentKind.DOUBLE: "« {label} » a été payé plus d’une fois : {kept} pour {total} dus.",
    IncidentKind.AMOUNT: "Pour « {label} », {kept} ont été payés et {total} sont dus.",
}


def follow(due: Due, kind: IncidentKind, *, operation: Operation | None = None) -> None:
    """Propose back exactly what is paid beyond what is due, in one open incident; no more, no less.

    Call it with the due locked, and read again.

    Args:
        kind: what made it so, if it is new.
    """
    over = due.over_cents - _kept(due)
    standing = due.incidents.filter(state__in=UNSETTLED, kind__in=GIVES_BACK).first()
    if standing is None:
        if over:
            _open(due, kind, over, operation)
        return
    if not over:
        _close(standing, "Plus rien à rendre.", SYSTEM)
    elif standing.refund_cents != over:
        grew = over > standing.refund_cents
        standing.refund_cents, standing.facts = over, _told(due, IncidentKind(standing.kind))
        standing.save(update_fields=["refund_cents", "facts"])
        audit.record(SYSTEM, "incident.changed", standing, refund=over)
        mark(due)
        if grew:
            incident_opened.send(sender=Incident, incident=standing)


def asked_cents(due: Due) -> int:
    """What somebody asked to give back, and is not given back yet."""
    live = due.refunds.filter(state__in=LIVE_REFUNDS)
    return int(live.aggregate(total=Sum("cents"))["total"] or 0)


def is_giving_back(incident: Incident) -> bool:
    """Whether a refund is under way: nothing is settled before it ends."""
    return bool(incident.refund_cents and asked_cents(incident.due))


def mark(due: Due) -> None:
    """Asked for in whole, an incident waits for its refunds; else somebody has to see to it."""
    standing = due.incidents.filter(state__in=UNSETTLED, kind__in=GIVES_BACK).first()
    if standing is None:
        return
    is_asked = asked_cents(due) >= standing.refund_cents
    standing.state = IncidentState.REFUNDING if is_asked else IncidentState.OPEN
    standing.save(update_fields=["state"])


def _kept(due: Due) -> int:
    """What the régisseur decided to keep of what is paid beyond, in cents.

    One keeps no more than there is: what was given back since, or became due, is not kept any
    more, and what comes beyond later is proposed anew.
    """
    kept = 0
    for one in due.incidents.filter(kept_cents__gt=0).order_by("id"):
        still = min(one.kept_cents, due.over_cents - kept)
        if still < one.kept_cents:
            audit.record(SYSTEM, "incident.keeps_less", one, before=one.kept_cents, kept=still)
            one.kept_cents = still
            one.save(update_fields=["kept_cents"])
        kept += still
    return kept


def _open(due: Due, kind: IncidentKind, over: int, operation: Operation | None) -> None:
    incident = Incident.objects.create(
        office_id=due.office_id,
        due=due,
        operation=operation,
        kind=kind,
        refund_cents=over,
        facts=_told(due, kind),
    )
    audit.record(SYSTEM, "incident.opened", incident, kind=kind, refund=over)
    mark(due)
    incident_opened.send(sender=Incident, incident=incident)


def _told(due: Due, kind: IncidentKind) -> str:
    if not due.total_cents:  # whatever made it so at first
        kind = IncidentKind.GONE
    return _FACTS[kind].format(
        label=due.label, kept=euros(due.kept_cents), total=euros(due.total_cents)
    )


def doubt(operation: Operation, kind: IncidentKind, facts: str) -> None:
    """Somebody has to look at an operation. Once, until it is settled."""
    incident, is_new = Incident.objects.get_or_create(
        operation=operation,
        kind=kind,
        state=IncidentState.OPEN,
        defaults={"office_id": operation.office_id, "due_id": operation.due_id, "facts": facts},
    )
    if is_new:
        audit.record(SYSTEM, "incident.opened", incident, kind=kind)
        incident_opened.send(sender=Incident, incident=incident)


def answered(operation: Operation, note: str) -> None:
    """The provider has said since what an operation became."""
    open_still = operation.incidents.filter(state=IncidentState.OPEN, kind=IncidentKind.UNKNOWN)
    for incident in open_still:
        _close(incident, note, SYSTEM)


@transaction.atomic
def settle(incident: Incident, note: str, *, actor: Actor) -> None:
    """Close it without giving money back: what was proposed is kept, and why is written.

    Raises:
        Refusal: no reason; a refund is under way; it is settled already.
    """
    require(actor, "payments.collect", incident)
    if not note.strip():
        raise Refusal("Dites ce qui a été fait : le dossier le garde.", field="note")
    # The due first, as everybody does.
    Due.objects.select_for_update(of=("self",)).get(pk=incident.due_id)
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if is_giving_back(incident):
        raise Refusal("Un remboursement est demandé : terminez-le ou refusez-le d’abord.")
    if incident.state == IncidentState.SETTLED:
        raise Refusal("Cet incident est déjà réglé.", code="gone")
    incident.kept_cents = incident.refund_cents
    _close(incident, note.strip(), actor)


def _close(incident: Incident, note: str, actor: Actor) -> None:
    incident.state, incident.note = IncidentState.SETTLED, note[:1000]
    incident.settled_at, incident.settled_by = clock.now(), actor.user
    incident.save(update_fields=["state", "note", "settled_at", "settled_by", "kept_cents"])
    audit.record(actor, "incident.settled", incident, kept=incident.kept_cents)
