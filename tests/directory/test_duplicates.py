"""A labelled set of pairs: what is found, what is missed, what is asked for nothing."""

import pytest

from preau.accounts.actors import SYSTEM
from preau.directory.actions.sheets import create_sheet
from preau.directory.duplicates import THRESHOLD, Probe, candidates, likeness
from preau.directory.models import SheetPair
from tests.territories.factories import CommuneFactory

M = 1 / 111_195  # a metre, in degrees of latitude


def probe(name, *, town="Grenoble", code="38185", metres=0, **more):
    at = {"latitude": 45.1885 + metres * M, "longitude": 5.7245} if metres is not None else {}
    return Probe(name=name, commune_code=code, commune_name=town, **at, **more)


#: Two ways to write one place, as lists do.
SAME = [
    (probe("France services de Grenoble"), probe("Espace France Services Grenoble", metres=40)),
    (
        probe("France Services - Mairie annexe", address="12 rue des Alpes"),
        probe("Mairie annexe France services", metres=120, address="12, r. des Alpes"),
    ),
    (probe("Gymnase Jean Moulin"), probe("GYMNASE JEAN-MOULIN", metres=200)),
    (probe("Médiathèque Kateb Yacine"), probe("Bibliothèque Kateb-Yacine", metres=90)),
    (probe("Médiathèque Kateb Yacine"), probe("Mediatheque Katheb Yacine", metres=20)),
    (
        probe("Fab lab La Casemate", phone="04 76 44 88 80"),
        probe("La Casemate", metres=250, phone="+33476448880"),
    ),
    (
        probe("Maison des habitants Centre-ville", metres=None),
        probe("Maison des habitants du centre ville"),
    ),
    (probe("EPN Abbaye", siret="21380185000015"), probe("E.P.N. Abbaye", siret="21380185000015")),
    (
        probe("Repair Café de l’Île Verte", address="37 rue Bizanet"),
        probe("Repair café Ile-Verte", metres=150, address="37 Rue Bizanet"),
    ),
    (probe("Tiers-lieu Le Café des Arts"), probe("Café des Arts", metres=30)),
    # Across the border of a commune, as positions of lists often fall.
    (probe("Coworking Cowork in Grenoble"), probe("Cowork in Grenoble", code="38421", metres=60)),
    (
        probe("Point numérique CAF", phone="3230", address="3 rue des Alliés"),
        probe("CAF – point numérique", metres=10, address="3 rue des Alliés"),
    ),
]

#: Two places that resemble one another.
DISTINCT = [
    (probe("Gymnase Jean Moulin"), probe("Gymnase Jean Jaurès", metres=200)),
    (probe("Gymnase municipal"), probe("Gymnase municipal", metres=2000)),
    (
        probe("Mairie", phone="0476000000", address="1 place de la Mairie"),
        probe("France services", metres=5, phone="0476000000", address="1 place de la Mairie"),
    ),
    (probe("Médiathèque"), probe("Maison des associations", metres=20)),
    (
        probe("France services de Voiron", town="Voiron", code="38563", metres=0),
        probe("France services de Grenoble", metres=25_000),
    ),
    (probe("École Jean Macé", metres=None), probe("Gymnase Jean Macé", metres=None)),
    (probe("Jardin partagé des Poiriers"), probe("Jardin partagé des Cerisiers", metres=150)),
    (probe("Salle A", address="5 rue Ampère"), probe("Salle des fêtes", metres=280)),
    (probe("Le Square"), probe("La Bobine", metres=40, address="42 boulevard Clemenceau")),
    (probe("Coworking Europole"), probe("Télécentre Europole", metres=290)),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_place_written_twice_is_found(one, other):
    found = likeness(one, other)
    assert found.score >= THRESHOLD, found
    assert found == likeness(other, one)


@pytest.mark.parametrize(("one", "other"), DISTINCT)
def test_two_places_are_not_asked_about(one, other):
    found = likeness(one, other)
    assert found.score < THRESHOLD, found


def test_the_reasons_are_said_in_french():
    one, other = SAME[1]
    said = [reason.replace("\u00a0", " ") for reason in likeness(one, other).reasons]
    assert {"même commune", "à 100 m l’un de l’autre", "même adresse"} <= set(said)


@pytest.mark.django_db
def test_only_what_is_near_is_read(django_assert_num_queries):
    near, far = CommuneFactory(), CommuneFactory(code="38563", name="Voiron", postcodes=["38500"])
    fields = {"kind": "epn", "name": "Espace du Lac", "latitude": 45.1885, "longitude": 5.7245}
    one = create_sheet(fields | {"commune": near}, actor=SYSTEM)
    create_sheet(fields | {"commune": far, "latitude": 45.36}, actor=SYSTEM)
    with django_assert_num_queries(1):
        found = candidates(probe("Espace du Lac", metres=100))
    assert [sheet for sheet, _ in found] == [one]
    assert not SheetPair.objects.exists()
