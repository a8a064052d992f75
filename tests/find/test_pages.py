"""The public pages of a place and of a space."""

import json
import re
from datetime import datetime
from html import unescape

import pytest

from preau.accounts.enums import MembershipRole
from preau.availability.opening import RuleData
from preau.availability.opening_index import write_days
from preau.core import clock
from preau.places.enums import Equipment, Layout, Publication
from preau.places.models import Place, Space, SpaceLayout
from tests.accounts.factories import MembershipFactory, sign_in
from tests.availability.factories import open_space
from tests.find.factories import PARIS, coming, free_space, hours, place_at, take
from tests.places.factories import hall_in_thirds, pool

MORNING = datetime(2027, 3, 8, 7, tzinfo=PARIS)  # a Monday


def place_url(place):
    return f"/lieux/{place.slug}/"


def space_url(space):
    return f"/lieux/{space.place.slug}/{space.slug}/"


def read(client, address, status=200, **query):
    response = client.get(address, query)
    assert response.status_code == status
    return unescape(response.content.decode()).replace("\xa0", " ")


def json_ld(page):
    return json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1]
    )


def test_a_place_says_what_is_inside_and_how_to_come(client):
    place = place_at(
        1,
        name="Salle du Lavoir",
        access="Par la cour",
        house_rules="Pas de confettis",
        max_attendance=120,
        erp_type="L",
        erp_category=4,
        contact_phone="0476000000",
    )
    free_space(place=place, name="Grande salle")
    page = read(client, place_url(place))
    for words in (
        "Salle du Lavoir",
        "Grande salle",
        "Par la cour",
        "Pas de confettis",
        "120 personnes",
        "4e catégorie",
        "04 76 00 00 00",
        "Prochain créneau libre",
    ):
        assert words in page


def test_a_space_says_what_it_holds(client):
    space = free_space(
        1,
        name="Salle Olympe",
        capacity=80,
        surface=95,
        equipment=[Equipment.PIANO],
        price_from_cents=None,
        lead_minutes=2880,
        categories=["association"],
        rules=[RuleData([0, 1, 2, 3, 4], 18 * 60, 22 * 60, when="periode_scolaire")],
    )
    SpaceLayout.objects.create(space=space, layout=Layout.THEATRE, capacity=80)
    page = read(client, space_url(space))
    for words in (
        "80 personnes",
        "95 m²",
        "Piano",
        "Assis, en conférence",
        "Tarif sur demande",
        "Associations",
        "Au moins 2 jours avant",
        "Du lundi au vendredi, de 18 h à 22 h, en période scolaire",
    ):
        assert words in page


def test_a_day_gone_is_not_said_closed(client):
    space = free_space(1, rules=[RuleData([0, 1, 2], 17 * 60, 22 * 60)])
    with clock.frozen(MORNING.replace(day=11)):  # Thursday; hours gone are no longer known
        gone = [MORNING.date().replace(day=day) for day in range(1, 11)]
        write_days(space.opening.calendar_id, dict.fromkeys(gone, 0))
        page = read(client, space_url(space), semaine="2027-03-11")
    assert re.findall(r"(Passé|Fermé)\s*<", page[page.index('id="creneaux"') :])[-7:] == [
        *["Passé"] * 3,
        *["Fermé"] * 4,
    ]


def test_the_week_says_free_taken_and_closed(client):
    with clock.frozen(MORNING):
        evening = [RuleData([0, 1, 2, 3, 4], 17 * 60, 22 * 60)]
        space = free_space(1, name="Salle", rules=evening, step_minutes=60)
        day = MORNING.date().replace(day=11)
        take(space, hours(day, 18, 20), label="Réunion secrète")
        page = read(client, space_url(space))
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)
    words = [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]
    assert "Salle, lundi 8 mars, 17 h à 19 h" in words
    assert "Salle, jeudi 11 mars, 20 h à 22 h" in words
    assert "Salle, jeudi 11 mars, 18 h à 20 h" not in words
    assert "Occupé" in words
    assert "Fermé" in words
    assert "Reste moins de 2 h" in words
    assert "Réunion secrète" not in page
    assert f"/reservations/nouvelle/{space.pk}/?debut=2027-03-11T20%3A00" in page.replace(
        "&amp;", "&"
    )


def test_the_list_says_the_same_as_the_table(client):
    with clock.frozen(MORNING):
        space = free_space(1, rules=[RuleData(list(range(7)), 8 * 60, 20 * 60)], step_minutes=60)
        take(space, hours(MORNING.date().replace(day=10), 9, 12))
        page = read(client, space_url(space))
    table, listed = page.split('class="find-days"')
    pattern = r'href="(/reservations/nouvelle/[^"]+)"'
    in_table = re.findall(pattern, table.split('class="find-week__table"')[1])
    assert in_table
    assert sorted(in_table) == sorted(re.findall(pattern, listed))


def test_other_weeks_and_lengths_are_links(client):
    with clock.frozen(MORNING):
        space = free_space(1, min_minutes=60, max_minutes=240)
        page = read(client, space_url(space), semaine="2027-03-17", duree="180")
    assert "du 15 au 21 mars 2027, pour 3 h" in page
    assert "?semaine=2027-03-08&duree=180#creneaux" in page
    assert "?semaine=2027-03-22&duree=180#creneaux" in page
    assert 'aria-current="true">3 h' in page


def test_no_week_before_this_one_nor_past_the_horizon(client):
    with clock.frozen(MORNING):
        space = free_space(1, horizon_days=7)
        assert "Semaine précédente" not in read(client, space_url(space), semaine="2020-01-01")
        late = read(client, space_url(space), semaine="2030-01-01")
    assert "Semaine suivante" not in late
    assert "Pas encore réservable" in late


def test_a_pool_counts_its_free_stations(client):
    with clock.frozen(MORNING):
        desks = pool(place_at(1), 3, step_minutes=60)
        open_space(desks)
        take(Space.objects.get(pk=desks.pk), hours(MORNING.date().replace(day=9), 10, 12))
        page = read(client, space_url(desks))
    assert "3 postes identiques" in page
    assert "· 2 libres" in page
    assert "· 3 libres" in page


def test_a_hall_shows_its_parts(client):
    hall = hall_in_thirds(place_at(1))
    open_space(hall)
    page = read(client, space_url(hall))
    assert "Gymnase, tiers 2" in page
    part = hall.parts.order_by("pk").first()
    assert "(salle entière)" in read(client, space_url(part))


def test_a_draft_is_for_those_who_work_there(client):
    space = free_space(1)
    Space.objects.filter(pk=space.pk).update(publication=Publication.DRAFT)
    read(client, space_url(space), status=404)
    assert space.name not in read(client, place_url(space.place))
    member = MembershipFactory(organization=space.place.owner, role=MembershipRole.MEMBER)
    sign_in(client, member.user, member)
    page = read(client, space_url(space))
    assert "Aperçu" in page
    assert "/reservations/nouvelle/" not in page
    Place.objects.filter(pk=space.place_id).update(publication=Publication.DRAFT)
    assert "Aperçu" in read(client, place_url(space.place))


def test_a_closed_place_is_gone_and_leads_next_door(client):
    space = free_space(1, name="Fermée")
    free_space(2, name="Voisine")
    Place.objects.filter(pk=space.place_id).update(publication=Publication.ARCHIVED)
    from preau.availability.index import index_space

    index_space(Space.objects.get(pk=space.pk))
    for address in (place_url(space.place), space_url(space)):
        page = read(client, address, status=410)
        assert "n’est plus proposé" in page
        assert "Voisine" in page
        assert space.place.name not in page


def test_unknown_pages_do_not_exist(client):
    read(client, "/lieux/nulle-part/", status=404)
    read(client, "/lieux/nulle-part/rien/", status=404)


def test_json_ld_is_valid_and_cannot_close_its_element(client):
    place = place_at(1, name="</script><script>alert(1)</script> & <!-- Salle", description="«é»")
    space = free_space(place=place, price_from_cents=0, equipment=[Equipment.PIANO])
    raw = client.get(place_url(place)).content.decode()
    assert "<script>alert" not in raw
    data = json_ld(raw)
    assert data["name"] == place.name
    assert data["address"]["addressLocality"] == "Grenoble"
    data = json_ld(client.get(space_url(space)).content.decode())
    assert data["isAccessibleForFree"] is True
    assert data["maximumAttendeeCapacity"] == space.capacity
    assert data["amenityFeature"][0]["name"] == "Piano"


@pytest.mark.parametrize("spaces", [1, 12])
def test_queries_of_the_pages(client, django_assert_max_num_queries, spaces):
    place = place_at(1)
    for number in range(spaces):
        space = free_space(place=place, name=f"Salle {number}")
        take(space, hours(coming(), 18, 20))
    # 7 of its own; the rest is what upper rooms show of the place, one or two each.
    with django_assert_max_num_queries(13):
        read(client, place_url(place))
    with django_assert_max_num_queries(14):
        read(client, space_url(space))
