"""Open data: what is in the files, what is not, and how they are given."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from data_inclusion.schema.v1.structures import Structure
from django.urls import reverse

from preau.directory.enums import SheetState
from preau.directory.models import OpenDataFile, SheetReference
from preau.directory.open_data import exporting
from preau.directory.open_data.tasks import export_open_data
from preau.documents.models import StoredFile
from tests.directory.factories import OfferFactory, SheetFactory, line, opened
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return CommuneFactory(code="38185", name="Grenoble")


def _content(client, key: str) -> bytes:
    name = exporting.EXPORTS[key].name
    answer = client.get(reverse("directory:open_file", kwargs={"open_name": name}))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_every_file_has_the_published_places_and_no_other(client, town):
    kept = SheetFactory(name="Maison ouverte", commune=town)
    SheetFactory(name="À valider", commune=town, state=SheetState.PROPOSED)
    SheetFactory(name="Fermé", commune=town, state=SheetState.CLOSED)
    mixed = SheetFactory(name="D’OpenStreetMap", commune=town)
    SheetReference.objects.create(sheet=mixed, source="osm", external_id="n1", licence="ODbL")
    SheetReference.objects.create(sheet=kept, source="fs", external_id="1")
    OfferFactory(sheet=kept)
    exporting.make_all()
    for key in exporting.EXPORTS:
        text = _content(client, key).decode()
        assert "Maison ouverte" in text, key
        for other in ("À valider", "Fermé", "OpenStreetMap"):
            assert other not in text, (key, other)
        made = OpenDataFile.objects.get(format=key)
        assert (made.sheets, made.left_out) == (1, 1)


def test_formats_are_those_they_say(client, town):
    opened(line("01234", 9, 12), commune=town, name="Accueil")
    exporting.make_all()
    [row] = csv.DictReader(io.StringIO(_content(client, "csv").decode()))
    assert row["horaires"] == "Mo-Fr 09:00-12:00"
    [row] = csv.DictReader(io.StringIO(_content(client, "mednum").decode()))
    assert row["code_insee"] == "38185"
    said = json.loads(_content(client, "inclusion"))
    Structure.model_validate(said["structures"][0])
    point = json.loads(_content(client, "geojson"))["features"][0]
    assert point["geometry"]["type"] == "Point"


def test_a_place_that_the_schema_refuses_is_left_out_and_counted(client, town):
    SheetFactory(name="X", commune=town)  # three letters at least
    made = exporting.make("inclusion")
    assert (made.sheets, made.left_out) == (0, 1)


def test_the_catalogue_says_size_date_digest_licence(client, town):
    SheetFactory(commune=town)
    export_open_data(timestamp=0)
    page = client.get(reverse("directory:open_data")).content.decode()
    assert "Licence Ouverte 2.0" in page
    assert "/donnees-ouvertes/lieux-mediation-numerique.csv" in page
    assert "horaires_regles" in page
    said = client.get(reverse("directory:open_dcat")).json()
    assert len(said["dcat:distribution"]) == 4
    for one in said["dcat:distribution"]:
        path = one["dcat:downloadURL"]["@id"].partition("testserver")[2]
        content = b"".join(client.get(path).streaming_content)
        assert hashlib.sha256(content).hexdigest() == one["spdx:checksum"]["spdx:checksumValue"]
        assert len(content) == one["dcat:byteSize"]


def test_whoever_has_the_file_is_told_so(client, town):
    made = exporting.make("csv")
    address = reverse("directory:open_file", kwargs={"open_name": "lieux.csv"})
    answer = client.get(address)
    assert answer["ETag"] == f'"{made.file.sha256}"'
    assert answer["Access-Control-Allow-Origin"] == "*"
    list(answer.streaming_content)
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_same_night_twice_writes_the_same(client, town):
    SheetFactory(commune=town)
    exporting.make_all()
    before = StoredFile.objects.count()
    exporting.make_all()
    assert (StoredFile.objects.count(), OpenDataFile.objects.count()) == (before, 4)


def test_before_the_first_night_the_catalogue_says_when(client):
    page = client.get(reverse("directory:open_data")).content.decode()
    assert "cette nuit" in page
    address = reverse("directory:open_file", kwargs={"open_name": "lieux.csv"})
    assert client.get(address).status_code == 404
    assert client.get("/donnees-ouvertes/autre.csv").status_code == 404


def test_a_place_as_tags_of_openstreetmap(client, town):
    opened(line("01234", 9, 12), commune=town, name="Médiathèque", kind="mediatheque", slug="m")
    said = client.get(reverse("directory:osm_tags", kwargs={"tags_slug": "m"})).json()
    assert said["tags"]["amenity"] == "library"
    assert said["tags"]["opening_hours"] == "Mo-Fr 09:00-12:00"
    SheetFactory(slug="p", commune=town, state=SheetState.PROPOSED)
    assert client.get(reverse("directory:osm_tags", kwargs={"tags_slug": "p"})).status_code == 404


def test_an_export_asks_a_few_questions_for_many_places(town, django_assert_max_num_queries):
    for _ in range(40):
        SheetFactory(commune=town)
    with django_assert_max_num_queries(20):
        exporting.make("csv")
