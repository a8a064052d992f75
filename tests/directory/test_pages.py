"""The pages of the directory: what they show, to whom, in how many queries."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.accounts.enums import OrganizationKind
from preau.core import clock
from preau.directory import poster
from preau.directory.actions.following import follow_place
from preau.directory.actions.labels import set_label
from preau.directory.actions.merging import merge_sheets
from preau.directory.actions.sheets import close_sheet, edit_sheet
from preau.directory.enums import SheetState
from preau.directory.models import Sheet, SheetChange
from preau.directory.opening import ExceptionalDay
from tests.accounts.factories import MembershipFactory, OrganizationFactory, sign_in
from tests.directory.factories import OfferFactory, SheetFactory, opened
from tests.directory.test_open_now import OFFICE, at
from tests.places.factories import PlaceFactory
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


def text(answer):
    found = answer.content.decode().replace("&nbsp;", " ")
    return found.replace("\u00a0", " ").replace("\u202f", " ")


def mayor(client, commune=None):
    town = OrganizationFactory(
        verified=True, kind=OrganizationKind.COMMUNE, commune=commune or CommuneFactory()
    )
    membership = MembershipFactory(organization=town)
    sign_in(client, membership.user, membership)
    return town


def test_the_list_says_what_decides(client):
    with clock.frozen(at(16, 10)):
        sheet = opened(*OFFICE, name="France services", is_accessible=True)
        OfferFactory(sheet=sheet, name="Aide aux démarches")
        set_label(sheet, source="charte:1", words="Charte des lieux", since=date(2026, 1, 1))
        page = text(client.get("/annuaire/?ou=Grenoble"))
    for words in (
        "France services",
        "Ouvert, ferme à 12 h",
        "Aide aux démarches",
        "accessible",
        "Charte des lieux",
        "1 lieu à moins de 15 km",
    ):
        assert words in page


def test_a_full_page_of_the_list_takes_twelve_queries_at_most(
    client, django_assert_max_num_queries
):
    for number in range(25):
        sheet = opened(*OFFICE, name=f"Lieu {number:02d}")
        OfferFactory(sheet=sheet)
    with django_assert_max_num_queries(12):
        first = text(client.get("/annuaire/?ou=Grenoble&famille=public_social"))
    assert "Lieu 00" in first and "25 lieux" in first


@pytest.mark.parametrize("where", ["ou=Grenoble", "ou="])
def test_keyset_pages_show_everything_once(client, where):
    for number in range(45):
        SheetFactory(name=f"Lieu {number % 7}", latitude=45.1885 + number % 5 / 100)
    seen, address = [], f"/annuaire/?{where}"
    while address:
        answer = client.get(address)
        seen += [line.sheet.pk for line in answer.context["page"].lines]
        address = f"/annuaire/{answer.context['next']}" if answer.context["next"] else ""
    assert len(seen) == 45 == len(set(seen))


def test_an_empty_answer_offers_the_nearest_and_to_signal(client):
    CommuneFactory()
    far = SheetFactory(name="Le plus proche", latitude=45.6, slug="le-plus-proche")
    page = text(client.get("/annuaire/?ou=Grenoble&rayon=5"))
    assert "Aucun lieu" in page and far.name in page and "Signaler un lieu" in page


@pytest.mark.parametrize(
    "query",
    ["rayon=x", "ou=%00", "apres=1:nan", "apres=9:x%00", "profil=zzz", "theme=1", "ou=Atlantis"],
)
def test_addresses_written_by_nobody_show_a_page(client, query):
    SheetFactory()
    assert client.get(f"/annuaire/?{query}").status_code == 200


def test_the_sheet_page(client, django_assert_max_num_queries):
    with clock.frozen(at(16, 10)):
        closed = ExceptionalDay("ferme", date(2026, 11, 17), date(2026, 11, 17), reason="travaux")
        sheet = opened(*OFFICE, exceptions=[closed], name="France services <b>", phone="0476000000")
        OfferFactory(
            sheet=sheet, name="Aide aux démarches", provider_name="CAF", publics=["familles"]
        )
        edit_sheet(sheet, {"phone": "0476010101"}, actor=SYSTEM)
        with django_assert_max_num_queries(22):
            page = text(client.get(f"/annuaire/{sheet.slug}/"))
    for words in (
        "France services &lt;b&gt;",
        "Ouvert, ferme à 12 h",
        "Fermé le mardi 17 novembre 2026 (travaux)",
        "Rendu par CAF",
        "Pour : Familles",
        "Téléphone : changé",
        '"openingHoursSpecification"',
        '"specialOpeningHoursSpecification"',
        "\\u003Cb\\u003E",
    ):
        assert words in page, words


def test_states_of_a_sheet_on_its_page(client):
    sheet, proposed = SheetFactory(), SheetFactory(state=SheetState.PROPOSED)
    close_sheet(sheet, actor=SYSTEM)
    assert "Ce lieu est fermé" in text(client.get(f"/annuaire/{sheet.slug}/"))
    assert client.get(f"/annuaire/{proposed.slug}/").status_code == 404
    assert client.get("/annuaire/").context["page"].lines == []
    mayor(client)
    assert "pas encore publique" in text(client.get(f"/annuaire/{proposed.slug}/"))


def test_an_old_address_leads_to_the_sheet_that_stays(client):
    kept, gone = SheetFactory(), SheetFactory()
    merge_sheets(kept, gone, actor=SYSTEM)
    for view in ("sheet", "poster", "poster_pdf"):
        answer = client.get(reverse(f"directory:{view}", args=[gone.slug]))
        assert answer.status_code == 301
        assert answer.headers["Location"] == reverse(f"directory:{view}", args=[kept.slug])


def test_the_poster_on_the_screen_and_on_paper(client):
    with clock.frozen(at(16, 10)):
        sheet = opened(*OFFICE, name="France services", is_accessible=True, staffing=["permanent"])
        OfferFactory(sheet=sheet)
        page = text(client.get(f"/annuaire/{sheet.slug}/affiche/"))
        pdf = client.get(f"/annuaire/{sheet.slug}/affiche.pdf")
    assert "Aujourd’hui, lundi 16 novembre 2026 : <strong>9 h – 12 h, 14 h – 17 h 30" in page
    assert "<svg viewBox=" in page and "Accessible aux personnes" in page
    assert '<p class="directory-poster__today pr-no-print">Aujourd’hui' in page
    assert page.count("ujourd’hui") == 1  # on the screen alone
    assert '<th scope="row">Lundi</th><td>9 h – 12 h, 14 h – 17 h 30' in page
    assert pdf.content.startswith(b"%PDF")
    source = Path(poster.__file__).parent.rglob("poster.typ")
    assert "ujourd’hui" not in next(source).read_text()
    assert pdf.content.count(b"/Type /Page\n") + pdf.content.count(b"/Type/Page/") <= 1


def test_a_poster_without_hours_or_services(client):
    sheet = SheetFactory(hours_text="Sur rendez-vous")
    assert client.get(f"/annuaire/{sheet.slug}/affiche.pdf").status_code == 200
    assert "Sur rendez-vous" in text(client.get(f"/annuaire/{sheet.slug}/affiche/"))


def test_the_map_and_its_points(client):
    alone = SheetFactory(name="Seul", latitude=45.3, longitude=5.3)
    for _ in range(3):
        SheetFactory()
    assert client.get("/annuaire/carte/?ou=Grenoble").status_code == 200
    answer = client.get("/annuaire/carte/points/?vue=45,5,46,6&zoom=9").json()["squares"]
    assert sorted(one["n"] for one in answer) == [1, 3]
    [found] = [one for one in answer if one["n"] == 1]
    assert (found["name"], found["url"]) == ("Seul", f"/annuaire/{alone.slug}/")
    assert client.get("/annuaire/carte/points/?vue=x&zoom=9").status_code == 400


def test_the_manager_edits_and_the_history_tells_it(client):
    sheet = SheetFactory(name="France services", description="")
    mayor(client)
    address = f"/annuaire/{sheet.slug}/modifier/"
    answer = client.get(address)
    assert answer.status_code == 200
    given = {
        "name": "France services Nord",
        "kind": sheet.kind,
        "description": "Un accueil pour tous.",
        "main_profile": "mediation",
        "secondary_profiles": ["travail", "mediation"],
        "staffing": ["permanent"],
        "accessible": "oui",
        "website": "https://exemple.fr",
    }
    assert client.post(address, given).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.name, sheet.is_accessible) == ("France services Nord", True)
    assert sheet.secondary_profiles == ["travail"]
    assert "nord" in sheet.search_key
    change = SheetChange.objects.get(sheet=sheet)
    assert change.fields["name"] == ["France services", "France services Nord"]
    assert "main_profile" not in change.fields


def test_the_hours_form(client):
    sheet = SheetFactory()
    mayor(client)
    address = f"/annuaire/{sheet.slug}/horaires/"
    assert client.get(address).status_code == 200
    lines = {
        "lignes": "1",
        "ligne0-effect": "ouvert",
        "ligne0-weekdays": ["0", "1"],
        "ligne0-start": "09:00",
        "ligne0-end": "12:00",
        "ligne0-when": "toujours",
        "vu": "0",
    }
    assert "9 h – 12 h" in text(client.post(address, lines | {"faire": "apercu"}))
    assert text(client.post(address, lines | {"faire": "ajouter"})).count("Ligne ") >= 2
    wrong = client.post(address, lines | {"faire": "enregistrer", "ligne0-start": "neuf"})
    assert wrong.status_code == 200 and not sheet.hours.exists()
    assert client.post(address, lines | {"faire": "enregistrer"}).status_code == 302
    assert sheet.hours.get().weekdays == [0, 1]
    # Somebody who began before is told, keeps what they typed, and may insist.
    late = client.post(address, lines | {"faire": "enregistrer", "ligne0-end": "13:00"})
    assert "vient de changer" in text(late)
    assert sheet.hours.get().end_minute == 720


def test_exceptional_days_come_and_go(client):
    sheet = opened(*OFFICE)
    mayor(client)
    day = clock.today() + timedelta(days=3)
    given = {"effect": "ferme", "first_day": day.isoformat(), "last_day": day.isoformat()}
    address = f"/annuaire/{sheet.slug}/jours-exceptionnels/"
    assert client.post(address, given).status_code == 302
    one = sheet.exceptions.get()
    assert sheet.hours.count() == 2
    client.post(f"{address}retirer/", {"jour": one.pk})
    assert not sheet.exceptions.exists()


def test_services_come_and_go(client):
    sheet = SheetFactory()
    mayor(client)
    address = f"/annuaire/{sheet.slug}/services/"
    given = {"name": "Impressions", "family": "essentiel", "level": "basique"}
    assert client.post(address, given).status_code == 302
    offer = sheet.services.get()
    client.post(f"{address}{offer.pk}/", given | {"name": "Photocopies"})
    sheet.refresh_from_db()
    assert "photocopies" in sheet.search_key
    client.post(f"{address}{offer.pk}/retirer/")
    assert not sheet.services.exists()
    assert SheetChange.objects.filter(sheet=sheet).count() == 3


def test_confirming_and_closing_by_hand(client):
    sheet = SheetFactory()
    mayor(client)
    client.post(f"/annuaire/{sheet.slug}/confirmer/")
    client.post(f"/annuaire/{sheet.slug}/etat/", {"etat": "fermee"})
    sheet.refresh_from_db()
    assert sheet.confirmed_on and sheet.state == SheetState.CLOSED


def test_a_bookable_place_tells_its_own_name(client):
    place = PlaceFactory(name="Salle Olympe")
    from preau.directory.actions.following import follow_place

    sheet = follow_place(place)
    mayor(client)
    page = client.get(f"/annuaire/{sheet.slug}/modifier/")
    assert "name" not in page.context["form"].fields
    assert edit_sheet(sheet, {"name": "Autre"}, actor=SYSTEM) == []
    public = text(client.get(f"/annuaire/{sheet.slug}/"))
    assert "Voir les espaces libres" in public
    assert "Services et accueil du public" in text(client.get(f"/lieux/{place.slug}/"))


def test_adding_a_place(client):
    town = mayor(client)
    given = {
        "name": "Relais de services",
        "kind": "maison_services",
        "address": "1 rue Neuve",
        "postcode": "38000",
        "commune": "Grenoble",
        "position": "45.19, 5.73",
    }
    assert client.get("/annuaire/ajouter/").status_code == 200
    assert client.post("/annuaire/ajouter/", given).status_code == 302
    made = Sheet.objects.get(name="Relais de services")
    assert (made.state, made.slug) == (SheetState.PUBLISHED, "relais-de-services-grenoble")
    assert town.commune_id == made.commune_id
    association = MembershipFactory()
    sign_in(client, association.user, association)
    client.post("/annuaire/ajouter/", given | {"name": "Atelier vélo"})
    proposed = Sheet.objects.get(name="Atelier vélo")
    assert proposed.state == SheetState.PROPOSED
    assert proposed.manager == association.organization
    refused = client.post(f"/annuaire/{proposed.slug}/decider/", {"etat": "publiee"})
    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["modifier", "horaires", "services", "adresse", "decider"])
def test_strangers_edit_nothing(client, path):
    sheet = SheetFactory()
    elsewhere = CommuneFactory(code="38421", name="Saint-Martin-d’Hères", postcodes=["38400"])
    mayor(client, elsewhere)
    assert client.get(f"/annuaire/{sheet.slug}/{path}/").status_code == 403


def test_a_bookable_place_without_hours_leads_to_its_week(client):
    place = PlaceFactory(name="Salle des fêtes")
    follow_place(place)
    SheetFactory(name="Sans horaires")
    shown = text(client.get("/annuaire/?ou="))
    assert shown.count("Horaires non renseignés") == 1 == shown.count("Sur réservation")
    assert f'href="/lieux/{place.slug}/">Heures libres de la semaine' in shown
    sheet = Sheet.objects.get(place=place)
    page = text(client.get(f"/annuaire/{sheet.slug}/"))
    assert "Sur réservation" in page and "Les horaires ne sont pas connus" not in page


def test_a_card_says_its_commune_first(client):
    SheetFactory(name="Atelier vélo", commune=CommuneFactory(code="38421", name="Vif"))
    assert "<strong>Vif</strong>" in text(client.get("/annuaire/?ou="))
