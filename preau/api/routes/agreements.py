"""Where the agreements of an organisation stand."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Path, Router

from preau.accounts.actors import Actor, actor_of
from preau.accounts.perms import allowed
from preau.agreements import queries
from preau.agreements.enums import AgreementState
from preau.agreements.models import Agreement
from preau.api.enums import Scope
from preau.api.http.access import may
from preau.api.routes.kit import read
from preau.api.routes.places import lost_cursor
from preau.api.routes.shown import agreement_ref, page_of
from preau.api.schemas.bookings import AgreementOut, AgreementsPage
from preau.api.schemas.kit import LARGEST_ID, Cursor
from preau.booking.models import Booking

router = Router(tags=["Conventions"])


@read(
    router,
    "/agreements",
    scope=Scope.AGREEMENTS,
    answer=AgreementsPage,
    summary="Les conventions de la structure",
)
def list_agreements(
    request: HttpRequest, state: AgreementState | None = None, cursor: Cursor | None = None
) -> AgreementsPage:
    """Celles qu’elle a signées ou doit signer, comme occupante ; et comme propriétaire, pour qui
    les y consulte. Les plus récentes d’abord."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and int(cursor) <= LARGEST_ID):
        raise lost_cursor()
    found = queries.with_facts().filter(_theirs(actor_of(request))).order_by("-id")
    if state is not None:
        found = found.filter(state=state)
    page = queries.page(found, after=int(cursor) if cursor else None)
    named = _bookings_of(page.rows)
    items = [_out(one, named.get(one.pk, [])) for one in page.rows]
    return AgreementsPage(items=items, next=str(page.after) if page.after else None)


def _theirs(actor: Actor) -> Q:
    """Those of the page « Mes conventions », and of « Conventions » for whoever oversees them."""
    organization = actor.organization
    mine = Q(holder_organization=organization)
    if allowed(actor, "agreement.oversee", organization):
        mine |= Q(owner=organization)
    return mine


@read(
    router,
    "/agreements/{number}",
    scope=Scope.AGREEMENTS,
    answer=AgreementOut,
    summary="Une convention",
)
def read_agreement(
    request: HttpRequest, number: Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]
) -> AgreementOut:
    """Son état et ce qu’elle couvre ; le texte se lit sur le site."""
    found = queries.with_facts().filter(number=number).first()
    if found is None or not may(request, "agreement.view", found):
        raise Http404
    return _out(found, _bookings_of([found]).get(found.pk, []))


def _bookings_of(rows: list[Agreement]) -> dict[int, list[str]]:
    """Agreement → references of its bookings, in one query."""
    found: dict[int, list[str]] = {}
    mine = Booking.objects.filter(agreement__in=rows).order_by("id")
    for agreement_id, reference in mine.values_list("agreement", "reference"):
        found.setdefault(agreement_id, []).append(reference)
    return found


def _out(agreement: Agreement, references: list[str]) -> AgreementOut:
    return AgreementOut(
        **agreement_ref(agreement).model_dump(),
        title=agreement.title,
        place_id=agreement.place_id,
        place=agreement.place.name,
        owner=agreement.owner.name,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        created_at=agreement.created_at,
        signed_at=agreement.signed_at,
        bookings=references,
        url=page_of("agreements:show", agreement.number),
    )
