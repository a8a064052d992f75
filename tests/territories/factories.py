"""Communes for tests: Grenoble unless told otherwise."""

import factory
from factory.django import DjangoModelFactory

from preau.territories import names
from preau.territories.models import Commune, Departement, Region


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "84"
    name = "Auvergne-Rhône-Alpes"


class DepartementFactory(DjangoModelFactory):
    class Meta:
        model = Departement
        django_get_or_create = ("code",)

    code = "38"
    name = "Isère"
    region = factory.SubFactory(RegionFactory)
    school_zone = "A"
    time_zone = "Europe/Paris"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ("code",)

    code = "38185"
    name = "Grenoble"
    search_key = factory.LazyAttribute(lambda o: names.search_key(o.name))
    typo_keys = factory.LazyAttribute(lambda o: names.typo_keys(o.search_key))
    departement = factory.SubFactory(DepartementFactory)
    population = 156389
    latitude = 45.1885
    longitude = 5.7245
    postcodes = factory.LazyFunction(lambda: ["38000", "38100"])
    postcode_starts = factory.LazyAttribute(lambda o: names.postcode_starts(o.postcodes))
    school_zone = factory.SelfAttribute("departement.school_zone")
    time_zone = factory.SelfAttribute("departement.time_zone")
    official_email = "mairie@grenoble.example"
