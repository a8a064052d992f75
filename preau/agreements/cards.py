"""What this room adds to the pages of others."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.accounts.perms import allowed
from preau.agreements import queries, queries_rounds
from preau.agreements.enums import AuthorityRole
from preau.core import clock, formats
from preau.core.cards import Card, Panel
from preau.places.enums import PlaceKind
from preau.places.models import Place


def agreements_of_place(request: HttpRequest, place: Place) -> Panel | None:
    """Who signs for the place, its board's opinion, its agreements; for those who run it."""
    actor = actor_of(request)
    if not allowed(actor, "agreement.record_opinion", place):
        return None
    is_school = place.kind == PlaceKind.ETABLISSEMENT_SCOLAIRE
    context = {
        "place": place,
        "owner_signs": queries.authority_for(place, AuthorityRole.OWNER),
        "head": queries.authority_for(place, AuthorityRole.HEAD_OF_SCHOOL) if is_school else None,
        "is_school": is_school,
        "opinion": queries.opinion_for(place) if is_school else None,
        "may_appoint": allowed(actor, "agreement.appoint", place.owner),
    }
    return Panel("Conventions", "agreements/_place_panel.html", context)


def rounds_to_sign(request: HttpRequest) -> Card | None:
    """The rounds of the hat's organisation that wait for somebody; for those who run them."""
    actor = actor_of(request)
    if actor.organization is None or not allowed(actor, "agreement.run_round", actor.organization):
        return None
    found = queries_rounds.waiting(actor.organization.pk)
    if not found:
        return None
    since = formats.day(formats.local(found[0].since, clock.PARIS).date())
    return Card(
        f"{formats.count(len(found), 'convention')} à faire signer",
        reverse("agreements:waiting"),
        f"La plus ancienne attend depuis le {since}.",
        ("waiting", "En signature"),
    )
