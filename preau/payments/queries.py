"""Reads of the room."""

from __future__ import annotations

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from preau.accounts.actors import Actor
from preau.core.vat import WITHOUT_VAT
from preau.payments.enums import LIVE_REFUNDS, UNSETTLED, DueState, OperationState, VatRegime
from preau.payments.models import CollectingOffice, Due, Incident, OfficePlace, Operation
from preau.places.models import Place


def office_of(place: Place) -> CollectingOffice | None:
    """Who collects for a place: its own office, else its owner's; None when nothing is asked."""
    own = (
        OfficePlace.objects.filter(place=place, office__closed_at=None)
        .select_related("office__organization__commune")
        .first()
    )
    if own is not None:
        return own.office
    return (
        CollectingOffice.objects.filter(
            organization_id=place.owner_id, is_default=True, closed_at=None
        )
        .select_related("organization__commune")
        .first()
    )


def asks_vat(place: Place) -> bool:
    """Whether VAT is inside what is paid for its spaces."""
    office = office_of(place)
    liable = office is not None and office.vat_regime == VatRegime.LIABLE
    return liable and place.departement_code not in WITHOUT_VAT


def places_of(office: CollectingOffice) -> QuerySet[Place]:
    """The places whose money it collects: `office_of` the other way round."""
    elsewhere = OfficePlace.objects.filter(office__closed_at=None).exclude(office=office)
    mine = Q(pk__in=OfficePlace.objects.filter(office=office).values("place"))
    if office.is_default:
        taken = elsewhere.values("place")
        mine |= Q(owner=office.organization_id) & ~Q(pk__in=taken)
    return Place.objects.filter(mine)


def standing(source: str) -> Due | None:
    """What is due for a source; None when nothing ever was."""
    return Due.objects.filter(source=source).select_related("office").first()


def dues_of(actor: Actor) -> QuerySet[Due]:
    """What the person owes, wearing the present hat; what is to pay first."""
    mine = Q(payer_user=actor.user, payer_organization=None)
    if actor.organization_id is not None:
        mine = Q(payer_organization=actor.organization_id)
    found = Due.objects.filter(mine).select_related(
        "office__organization__commune", "payee", "place"
    )
    return found.order_by("-id")


def to_pay(actor: Actor) -> QuerySet[Due]:
    return dues_of(actor).filter(state=DueState.OPEN)


def offices_of(actor: Actor) -> QuerySet[CollectingOffice]:
    """Those of the organisation for which the person acts."""
    if actor.organization_id is None:
        return CollectingOffice.objects.none()
    found = CollectingOffice.objects.filter(organization=actor.organization_id, closed_at=None)
    return found.select_related("organization__commune").order_by("-is_default", "name")


def dues_of_office(office: CollectingOffice) -> QuerySet[Due]:
    return office.dues.select_related("place", "payer_user", "payer_organization")


def operations_to_check(office: CollectingOffice) -> QuerySet[Operation]:
    """Those whose end is not known, oldest first."""
    open_still = (OperationState.WAITING, OperationState.TO_CHECK, OperationState.CREATED)
    return (
        Operation.objects.filter(office=office, state__in=open_still)
        .select_related("due")
        .order_by("id")
    )


def open_incidents(office: CollectingOffice) -> QuerySet[Incident]:
    """Each with `asked_cents`, what somebody asked to give back of it."""
    found = office.incidents.filter(state__in=UNSETTLED)
    live = Q(due__refunds__state__in=LIVE_REFUNDS)
    asked = Coalesce(Sum("due__refunds__cents", filter=live), 0)
    return found.select_related("due", "operation").annotate(asked_cents=asked).order_by("id")
