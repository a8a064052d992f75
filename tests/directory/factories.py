"""Sheets for tests: published, in Grenoble unless told otherwise."""

import factory
from factory.django import DjangoModelFactory

from preau.accounts.actors import SYSTEM
from preau.availability.opening import RuleData
from preau.directory import finding
from preau.directory.actions.hours import set_hours
from preau.directory.enums import ServiceFamily, SheetState
from preau.directory.models import ServiceOffer, Sheet
from preau.places.enums import PlaceKind
from tests.territories.factories import CommuneFactory


class SheetFactory(DjangoModelFactory):
    class Meta:
        model = Sheet
        skip_postgeneration_save = True

    state = SheetState.PUBLISHED
    name = factory.Sequence(lambda n: f"Point d’accueil {n}")
    slug = factory.Sequence(lambda n: f"point-d-accueil-{n}")
    kind = PlaceKind.MAISON_SERVICES
    address = "12 rue de la République"
    commune = factory.SubFactory(CommuneFactory)
    postcode = factory.LazyAttribute(lambda one: one.commune.main_postcode or "38000")
    departement_code = factory.LazyAttribute(lambda one: one.commune.departement_id)
    time_zone = factory.LazyAttribute(lambda one: one.commune.time_zone)
    latitude = factory.LazyAttribute(lambda one: one.commune.latitude)
    longitude = factory.LazyAttribute(lambda one: one.commune.longitude)
    search_key = factory.LazyAttribute(lambda one: finding.words_of(Sheet(**_words(one))))


def _words(one):
    names = ("name", "kind", "address", "commune")
    return {name: getattr(one, name) for name in names}


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = ServiceOffer

    sheet = factory.SubFactory(SheetFactory)
    family = ServiceFamily.PUBLIC_SOCIAL
    name = "Aide aux démarches en ligne"


def line(days, start, end, **more):
    """Open these days (« 01234 ») from one hour to another."""
    weekdays = [int(one) for one in days]
    return RuleData(
        weekdays=weekdays, start_minute=int(start * 60), end_minute=int(end * 60), **more
    )


def opened(*lines, exceptions=None, **fields):
    """A sheet with these hours."""
    sheet = SheetFactory(**fields)
    set_hours(sheet, lines, exceptions, actor=SYSTEM)
    return Sheet.objects.select_related("commune", "manager").get(pk=sheet.pk)
