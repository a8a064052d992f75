"""Records of the library: a whole draft about energy in Isère, unless told otherwise."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from preau.core import clock
from preau.resources import areas
from preau.resources.days import today
from preau.resources.enums import ResourceKind, ResourceState, Source
from preau.resources.models import Resource
from preau.territories import names
from tests.accounts.factories import UserFactory


class ResourceFactory(DjangoModelFactory):
    class Meta:
        model = Resource

    kind = ResourceKind.AID
    title = factory.Sequence(lambda n: f"Aide numéro {n}")
    title_key = factory.LazyAttribute(lambda one: names.search_key(one.title))
    summary = "Une subvention pour rénover un bâtiment public."
    provider_name = "Département de l’Isère"
    themes = factory.LazyFunction(lambda: ["energie"])
    blockage_kinds = factory.LazyFunction(lambda: ["financement"])
    areas = factory.LazyFunction(lambda: [areas.NATIONAL])
    reach = factory.LazyAttribute(lambda one: areas.reach_of(one.areas))
    expires_on = factory.LazyFunction(lambda: today() + timedelta(days=200))


def published(**given):
    """Read by somebody else, then shown."""
    facts = {
        "state": ResourceState.PUBLISHED,
        "submitted_at": clock.now(),
        "published_at": clock.now(),
    }
    if given.get("source", Source.SITE) == Source.SITE and "reviewed_by" not in given:
        facts |= {"submitted_by": UserFactory(), "reviewed_by": UserFactory()}
    return ResourceFactory(**facts | given)
