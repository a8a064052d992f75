"""Managers' pages: lists, short forms, errors that lose nothing, photos, people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from preau.accounts.actors import SYSTEM
from preau.core.registries import archive_objections, place_panels
from preau.places import actions
from preau.places.enums import Equipment, Publication, UserCategory
from preau.places.models import Place, PlaceRole, Space
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.documents.pictures import picture
from tests.places.factories import (
    PlaceFactory,
    PlaceRoleFactory,
    SpaceFactory,
    hall_in_thirds,
    pool,
)
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    membership = MembershipFactory()
    sign_in(client, membership.user, membership)
    return membership


@pytest.fixture
def place(manager):
    return PlaceFactory(owner=manager.organization)


def post(client, name, key, /, **data):
    return client.post(reverse(f"places:{name}", args=[key]), data)


NEW_PLACE = {
    "name": "Salle des fêtes",
    "kind": "salle_des_fetes",
    "address": "3 rue des Tilleuls",
    "postcode": "38000",
    "commune": "grenoble",
    "position": "",
}


def test_a_place_is_begun_in_one_short_form(client, manager):
    CommuneFactory()
    answer = client.post(reverse("places:create"), NEW_PLACE, follow=True)
    place = Place.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("places:detail", args=[place.pk])
    assert place.owner == manager.organization
    assert "centre de la commune" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("postcode", "3800", "cinq chiffres"),
        ("commune", "Marseille", "Aucune commune de ce nom"),
        ("position", "ici", "Écrivez la latitude"),
        ("position", "5,7245, 45,1885", "Écrivez la latitude"),
        ("position", "145.1, 5.7", "inversées"),
        ("name", "", "nécessaire"),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_lost(client, manager, field, value, sentence):
    CommuneFactory()
    answer = client.post(reverse("places:create"), NEW_PLACE | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert 'value="3 rue des Tilleuls"' in page
    assert not Place.objects.exists()


def test_the_list_shows_what_is_mine(client, manager, place):
    given = PlaceRoleFactory(user=manager.user, place__name="Collège Jean-Moulin")
    other = PlaceFactory(name="Ailleurs")
    page = client.get(reverse("places:list")).content.decode()
    assert place.name in page
    assert given.place.name in page
    assert other.name not in page


def test_the_list_costs_the_same_with_many_places(client, manager, django_assert_num_queries):
    places = PlaceFactory.create_batch(40, owner=manager.organization)
    SpaceFactory.create_batch(3, place=places[0])
    PlaceRoleFactory(user=manager.user)
    url = reverse("places:list")
    client.get(url)
    # session, person, hat, places, unread notices, and for the menu one's roles on places
    with django_assert_num_queries(6):
        first = client.get(url)
    assert first.content.decode().count('<th scope="row">') == 30
    second = client.get(url + first.context["next"]).content.decode()
    assert second.count('<th scope="row">') == 11
    assert client.get(url, {"apres": "zut", "etat": "?", "q": "x" * 500}).status_code == 200
    assert client.get(url, {"q": "salle\x00"}).status_code == 200


def test_the_list_finds_by_name_and_state(client, place):
    PlaceFactory(owner=place.owner, name="Gymnase", publication=Publication.ARCHIVED)
    url = reverse("places:list")
    assert "Gymnase" not in client.get(url).content.decode()
    assert "Gymnase" in client.get(url, {"etat": "archive"}).content.decode()
    assert place.name in client.get(url, {"q": "grenob"}).content.decode()
    assert "Aucun lieu ne correspond" in client.get(url, {"q": "zzz"}).content.decode()


def test_place_forms_save_and_say_so(client, place):
    answer = post(
        client, "edit_access", place.pk, access="Ligne C1", is_accessible="on", accessibility=""
    )
    assert answer.status_code == 302
    post(client, "edit_safety", place.pk, erp_type="L", erp_category="4", max_attendance="200")
    post(
        client, "edit_address", place.pk,
        address="4 place Victor-Hugo", postcode="38000", commune="Grenoble",
        position="45.19, 5.73",
    )  # fmt: skip
    place.refresh_from_db()
    assert place.access == "Ligne C1"
    assert (place.erp_type, place.erp_category, place.max_attendance) == ("L", 4, 200)
    assert (place.latitude, place.longitude) == (45.19, 5.73)


def test_an_address_form_sent_back_as_it_is_moves_nothing(client, place):
    actions.edit_place(actor=SYSTEM, place=place, position=(45.1234567, 5.7654321))
    form = client.get(reverse("places:edit_address", args=[place.pk])).context["form"]
    post(client, "edit_address", place.pk, **form.initial)
    moved = Place.objects.get(pk=place.pk)
    assert abs(moved.latitude - 45.1234567) < 1e-5


def test_a_space_is_created_then_completed(client, place):
    post(client, "space_create", place.pk, name="Atelier", kind="atelier", capacity="12")
    space = Space.objects.get()
    assert space.own_units.count() == 1
    kinds = {"equipment_6": "3", "equipment_18": "2", "layout_tables": "12"}
    assert post(client, "edit_equipment", space.pk, **kinds).status_code == 302
    assert dict(space.equipment.values_list("kind", "quantity")) == {
        Equipment.TABLES: 3,
        Equipment.SEWING_MACHINES: 2,
    }
    assert space.layouts.get().capacity == 12


RULES = {
    "categories": ["association", "particulier"],
    "approval": "immediate",
    "response_hours": "72",
    "min_minutes": "60",
    "max_minutes": "240",
    "step_minutes": "30",
    "buffer_before": "0",
    "buffer_after": "30",
    "lead_minutes": "1440",
    "horizon_days": "180",
    "price": "from",
    "price_euros": "12,50",
}


def test_booking_rules_are_chosen_in_words(client, place):
    space = SpaceFactory(place=place)
    assert post(client, "edit_rules", space.pk, **RULES).status_code == 302
    space.refresh_from_db()
    assert space.categories == [UserCategory.ASSOCIATION, UserCategory.RESIDENT]
    assert (space.price_from_cents, space.buffer_after, space.lead_minutes) == (1250, 30, 1440)
    page = client.get(reverse("places:space_detail", args=[space.pk])).content.decode()
    assert "Au plus tard 1\u00a0jour avant" in page
    assert "12,50\u00a0€" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"max_minutes": "30"}, "durée maximale"),
        ({"price_euros": ""}, "Indiquez le prix"),
        ({"categories": []}, "au moins une catégorie"),
        ({"step_minutes": "7"}, "choix"),
    ],
)
def test_contradictory_rules_are_explained(client, place, change, sentence):
    space = SpaceFactory(place=place)
    answer = post(client, "edit_rules", space.pk, **(RULES | change))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_unusual_rules_stay_when_the_form_is_saved(client, place):
    space = SpaceFactory(place=place, lead_minutes=2345, horizon_days=77, response_hours=5)
    form = client.get(reverse("places:edit_rules", args=[space.pk])).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None}
    assert post(client, "edit_rules", space.pk, **data).status_code == 302
    space.refresh_from_db()
    assert (space.lead_minutes, space.horizon_days, space.response_hours) == (2345, 77, 5)


def test_a_hall_is_divided_then_combined(client, place):
    hall = SpaceFactory(place=place)
    post(client, "division", hall.pk, parts="Tiers nord, 100\nTiers centre 100\n\nTiers sud : 90\n")
    assert list(hall.parts.order_by("pk").values_list("name", "capacity")) == [
        ("Tiers nord", 100),
        ("Tiers centre", 100),
        ("Tiers sud", 90),
    ]
    post(client, "division", hall.pk, units=["1", "2"], name="Deux tiers sud", capacity="190")
    assert hall.parts.get(name="Deux tiers sud").units.count() == 2
    answer = post(client, "division", hall.pk, units=["1", "2"], name="Encore", capacity="190")
    assert "existe déjà" in answer.content.decode()
    post(client, "undivide", hall.pk)
    assert not hall.parts.exists()


@pytest.mark.parametrize("parts", ["", "Seule, 10", "Nord\nSud", "A, 0\nB, 3", "A 1\nA 2"])
def test_parts_not_understood_are_kept_on_the_page(client, place, parts):
    hall = SpaceFactory(place=place)
    answer = post(client, "division", hall.pk, parts=parts)
    assert answer.status_code == 200
    assert "Une chose est à corriger" in answer.content.decode()
    assert not hall.parts.exists()


def test_the_page_of_a_pool_changes_its_size(client, place):
    desks = pool(place, 4)
    post(client, "division", desks.pk, size="6")
    assert desks.own_units.count() == 6


def test_publishing_and_archiving_ask_first(client, place):
    Place.objects.update(publication=Publication.DRAFT)
    answer = post(client, "publish", place.pk)
    assert "Ajoutez au moins un espace" in answer.content.decode()
    space = SpaceFactory(place=place, publication=Publication.DRAFT)
    post(client, "publish", place.pk, with_spaces="on")
    space.refresh_from_db()
    assert space.is_public
    post(client, "space_unpublish", space.pk)
    post(client, "archive", place.pk)
    place.refresh_from_db()
    assert place.publication == Publication.ARCHIVED


def test_the_page_says_why_it_cannot_be_archived(client, place):
    archive_objections.register("test", lambda subject: "Une réservation est à venir.")
    try:
        answer = post(client, "archive", place.pk)
    finally:
        archive_objections._entries.pop("test")
    assert "Une réservation est à venir." in answer.content.decode()


def test_photos_are_added_moved_described_and_removed(client, place):
    for text in ("Une", "Deux"):
        post(client, "photos", place.pk, file=picture(), alternative_text=text)
    first, second = place.photos.all()
    post(client, "photo_move", second.pk, sens="avant")
    assert [photo.alternative_text for photo in place.photos.all()] == ["Deux", "Une"]
    post(client, "photo_describe", first.pk, alternative_text="La cour")
    post(client, "photo_remove", second.pk)
    assert place.photos.get().alternative_text == "La cour"


def test_a_bad_photo_is_explained_and_the_description_kept(client, place):
    fake = SimpleUploadedFile("salle.jpg", b"%PDF-1.7", "image/jpeg")
    answer = post(client, "photos", place.pk, file=fake, alternative_text="La cour")
    page = answer.content.decode()
    assert "pas une image" in page
    assert 'value="La cour"' in page
    assert not place.photos.exists()


def test_people_are_added_and_removed(client, place):
    post(client, "people", place.pk, email="gardien@example.org", role="gardien")
    given = PlaceRole.objects.get()
    again = post(client, "people", place.pk, email="gardien@example.org", role="gardien")
    assert "déjà ce rôle" in again.content.decode()
    post(client, "role_remove", given.pk)
    assert not PlaceRole.objects.exists()


def test_a_space_is_copied(client, place):
    space = SpaceFactory(place=place, name="Atelier")
    post(client, "space_duplicate", space.pk)
    assert place.spaces.filter(name="Atelier (copie)").exists()


def test_changes_are_posts(client, place):
    space = SpaceFactory(place=place)
    for name in ("space_duplicate", "undivide"):
        assert client.get(reverse(f"places:{name}", args=[space.pk])).status_code == 405


def test_a_hall_shows_its_parts_and_an_upper_room_its_panel(client, place):
    hall = hall_in_thirds(place)
    page = client.get(reverse("places:space_detail", args=[hall.pk])).content.decode()
    assert "tiers 1 et 2" in page
    part = hall.parts.first()
    answer = client.get(reverse("places:division", args=[part.pk]))
    assert answer.url == reverse("places:division", args=[hall.pk])
    seen = []
    place_panels.register("test", lambda request, of: seen.append(of))
    try:
        client.get(reverse("places:detail", args=[place.pk]))
    finally:
        place_panels._entries.pop("test")
    assert seen == [place]


def test_nobody_without_a_place_is_left_at_a_dead_end(client):
    sign_in(client, UserFactory())
    assert "Aucun lieu pour le moment" in client.get(reverse("places:list")).content.decode()
