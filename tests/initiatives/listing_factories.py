"""Listings: a whole offer of a verified association in Grenoble, unless told otherwise."""

from datetime import timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.initiatives.actions import answers
from preau.initiatives.enums.listings import Category, ListingState, Side
from preau.initiatives.models import Listing
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.territories.factories import CommuneFactory


class ListingFactory(DjangoModelFactory):
    class Meta:
        model = Listing

    side = Side.OFFER
    category = Category.FOOD
    title = factory.Sequence(lambda n: f"Épluchures de légumes, bac {n}")
    text = "Des seaux fermés, à venir chercher."
    quantity = "40 kg par semaine"
    is_recurring = True
    organization = factory.SubFactory(OrganizationFactory, verified=True)
    author = factory.SubFactory(UserFactory)
    commune = factory.SubFactory(CommuneFactory)
    departement_code = factory.LazyAttribute(lambda one: one.commune.departement_id)
    latitude = factory.LazyAttribute(lambda one: one.commune.latitude)
    longitude = factory.LazyAttribute(lambda one: one.commune.longitude)


def published(**given):
    facts = {
        "state": ListingState.PUBLISHED,
        "published_at": clock.now(),
        "valid_until": clock.today() + timedelta(days=60),
    }
    return ListingFactory(**facts | given)


def keeper(listing: Listing) -> Actor:
    """Whoever placed it, under the right hat."""
    if listing.organization is None:
        return Actor(user=listing.author)
    membership = MembershipFactory(
        organization=listing.organization, user=listing.author, role=MembershipRole.MANAGER
    )
    return Actor(user=listing.author, membership=membership)


def answer(listing: Listing, actor: Actor | None = None, body="Je suis intéressé."):
    actor = actor or Actor(user=UserFactory())
    return answers.answer(listing, body, idempotency_key=uuid4(), actor=actor)
