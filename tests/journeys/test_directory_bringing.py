"""An operator brings a list of places in, with two bad lines, then takes it back."""

import pytest

from preau.directory.models import Sheet, SheetBatch
from tests.accounts.factories import UserFactory
from tests.territories.factories import CommuneFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
CSV = (
    "Identifiant;Nom du lieu;Rue;INSEE;Latitude;Longitude;Lundi;Mardi;Remarques libres\n"
    "a1;Maison des services de Mens;2 rue Bon;38226;44.8167;5.7500;9h-12h;sur rdv;à revoir\n"
    "a2;Médiathèque;Place;38226;5.7500;44.8167;;;\n"
    "a3;Bus;Place;38999;;;9h-12h;;\n"
    "a4;Cyber-base;4 rue Neuve;38226;44.8170;5.7510;09:00-12:00 / 14:00-17:00;matin;\n"
)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_list_with_two_bad_lines_comes_in_and_goes_back(open_visitor, javascript):
    CommuneFactory(code="38226", name="Mens", latitude=44.8167, longitude=5.75)
    visitor = open_visitor(javascript=javascript)
    page = visitor.page
    visitor.sign_in(UserFactory(is_operator=True), None)
    visitor.go("/annuaire/reprise/")
    if javascript:
        visitor.assert_accessible()
    page.get_by_label("Fichier de la liste").set_input_files(
        {"name": "lieux.csv", "mimeType": "text/csv", "buffer": CSV.encode("cp1252")}
    )
    visitor.fill("Nom de la liste", "Lieux du Trièves")
    visitor.press("Lire le fichier")
    assert page.get_by_text("Windows-1252").is_visible()
    assert page.get_by_label("Nom du lieu").input_value() == "name"
    assert page.get_by_label("Rue").input_value() == "address"
    assert page.get_by_label("Remarques libres").input_value() == ""
    if javascript:
        visitor.assert_accessible()
    page.get_by_label("Remarques libres").select_option(label="Précisions sur les horaires")
    visitor.press("Vérifier chaque ligne")
    assert page.get_by_text("semblent inversées").is_visible()
    assert page.get_by_text("Aucune commune « 38999 » : donnez").is_visible()
    assert not Sheet.objects.exists()
    if javascript:
        visitor.assert_accessible()
    visitor.press("Reprendre les autres, sans les lignes à corriger")
    assert set(Sheet.objects.values_list("name", flat=True)) == {
        "Maison des services de Mens",
        "Cyber-base",
    }
    assert page.get_by_role("link", name="Télécharger les lignes à corriger").is_visible()
    if javascript:
        visitor.assert_accessible()
    visitor.press("Annuler cette reprise", role="link")
    if javascript:
        visitor.assert_accessible()
    visitor.press("Annuler la reprise")
    assert page.get_by_text("Annulées").is_visible()
    assert not Sheet.objects.exists()
    assert SheetBatch.objects.get().state == "annule"
    visitor.go("/donnees-ouvertes/")
    assert page.get_by_text("cette nuit").is_visible()
    if javascript:
        visitor.assert_accessible()
