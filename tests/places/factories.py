"""Places and spaces for tests: published, owned by a verified organisation, with their units."""

import secrets

import factory
from factory.django import DjangoModelFactory

from preau.accounts.actors import SYSTEM
from preau.places.actions import Combination, Part, divide_space
from preau.places.actions.units import make_units, pool_names
from preau.places.enums import ApprovalMode, PlaceKind, PlaceRoleKind, Publication, SpaceKind
from preau.places.models import Place, PlaceRole, Space
from tests.accounts.factories import OrganizationFactory, UserFactory
from tests.territories.factories import CommuneFactory


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    owner = factory.SubFactory(OrganizationFactory, verified=True)
    name = factory.Sequence(lambda n: f"Salle des Tilleuls {n}")
    slug = factory.Sequence(lambda n: f"salle-des-tilleuls-{n}")
    kind = PlaceKind.SALLE_POLYVALENTE
    address = "3 rue des Tilleuls"
    commune = factory.SubFactory(CommuneFactory)
    postcode = factory.LazyAttribute(lambda place: place.commune.main_postcode)
    departement_code = factory.LazyAttribute(lambda place: place.commune.departement_id)
    latitude = factory.LazyAttribute(lambda place: place.commune.centre[0])
    longitude = factory.LazyAttribute(lambda place: place.commune.centre[1])
    time_zone = factory.LazyAttribute(lambda place: place.commune.time_zone)
    publication = Publication.PUBLISHED
    feed_secret = factory.LazyFunction(lambda: secrets.token_urlsafe(32))


class SpaceFactory(DjangoModelFactory):
    """An ordinary space: one unit of its own. For a pool: `pool(place, 12)`."""

    class Meta:
        model = Space

    place = factory.SubFactory(PlaceFactory)
    name = factory.Sequence(lambda n: f"Salle {n}")
    slug = factory.Sequence(lambda n: f"salle-{n}")
    kind = SpaceKind.SALLE_ACTIVITES
    capacity = 40
    approval = ApprovalMode.MANAGER
    publication = Publication.PUBLISHED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        size = kwargs.pop("units_wanted", 1)
        space = super()._create(model_class, *args, **kwargs)
        if space.root_id is None:
            make_units(space, pool_names(size) if space.is_pool else [space.name])
        return space


class PlaceRoleFactory(DjangoModelFactory):
    class Meta:
        model = PlaceRole

    place = factory.SubFactory(PlaceFactory)
    user = factory.SubFactory(UserFactory)
    role = PlaceRoleKind.CARETAKER


def pool(place, size, **fields):
    """A pool of `size` identical stations, one unit each."""
    fields = {"name": "Postes de travail", "capacity": size, "kind": SpaceKind.BUREAU} | fields
    return SpaceFactory(place=place, is_pool=True, units_wanted=size, **fields)


def hall_in_thirds(place, **fields):
    """A hall of three parts; each third, 1+2, 2+3 and the whole are bookable.

    Returns the hall; its parts are `hall.parts.order_by("pk")`: thirds 1, 2, 3, then 1+2, 2+3.
    """
    hall = SpaceFactory(place=place, **({"name": "Gymnase", "capacity": 300} | fields))
    divide_space(
        actor=SYSTEM,
        space=hall,
        parts=[Part(f"{hall.name}, tiers {number}", 100) for number in (1, 2, 3)],
        combinations=[
            Combination(f"{hall.name}, tiers 1 et 2", 200, (0, 1)),
            Combination(f"{hall.name}, tiers 2 et 3", 200, (1, 2)),
        ],
    )
    return hall
