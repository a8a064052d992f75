"""The structure of a permanence is a verified one, never whoever typed its number."""

import pytest

from preau.timetables.forms.needs import NeedForm
from preau.timetables.needs_file import read_needs
from tests.accounts.factories import OrganizationFactory
from tests.timetables.factories import Territory

pytestmark = pytest.mark.django_db
TABLE = "Service;Structure;Permanences;Durée en minutes;SIRET\nAide;CAF;1;120;{}\n"


def test_a_number_typed_by_an_unverified_structure_names_nobody():
    land = Territory()
    impostor = OrganizationFactory(siren="732829320", siret="73282932000074")
    form = NeedForm({"siret": impostor.siret}, timetable=land.timetable)
    assert "vérifiée" in form.errors["siret"][0]
    found = read_needs(land.timetable, TABLE.format(impostor.siret).encode())
    assert "vérifiée" in found.problems[0][2]
    caf = OrganizationFactory(verified=True, siren="732829320", siret="73282932000074")
    found = read_needs(land.timetable, TABLE.format(caf.siret).encode())
    assert found.rows[0]["provider"] == caf
