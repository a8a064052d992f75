"""Places: drafts, publishing, archiving, roles."""

import pytest

from preau.accounts.actors import SYSTEM
from preau.core.audit import history
from preau.core.errors import Refusal
from preau.core.registries import archive_objections
from preau.notifications.models import Email
from preau.places import actions, events
from preau.places.enums import PlaceKind, PlaceRoleKind, Publication
from preau.places.models import Place, PlaceRole
from tests.accounts.factories import OrganizationFactory
from tests.places.factories import PlaceFactory, SpaceFactory, hall_in_thirds
from tests.territories.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def news():
    heard = []

    def hear(sender, **kwargs):
        heard.append(kwargs.get("space") or kwargs["place"])

    events.place_changed.connect(hear)
    events.space_changed.connect(hear)
    yield heard
    events.place_changed.disconnect(hear)
    events.space_changed.disconnect(hear)


@pytest.fixture
def objection():
    def object_to(subject):
        return f"{subject} a 2 réservations à venir."

    archive_objections.register("test", object_to)
    yield
    archive_objections._entries.pop("test")


def create(**fields):
    fields = {
        "actor": SYSTEM,
        "owner": OrganizationFactory(verified=True),
        "commune": CommuneFactory(),
        "name": "Salle des fêtes Aimé-Césaire",
        "kind": PlaceKind.SALLE_DES_FETES,
        "address": "3 rue des Tilleuls",
    } | fields
    return actions.create_place(**fields)


def test_a_place_takes_its_zone_and_position_from_its_commune(news):
    place = create()
    assert place.slug == "salle-des-fetes-aime-cesaire-grenoble"
    assert (place.departement_code, place.time_zone) == ("38", "Europe/Paris")
    assert place.stands_at_centre
    assert place.publication == Publication.DRAFT
    assert [event.verb for event in history(place)] == ["place.create"]
    assert news == [place]


def test_an_overseas_place_has_its_own_zone():
    reunion = DepartementFactory(code="974", name="La Réunion", time_zone="Indian/Reunion")
    saint_denis = CommuneFactory(
        code="97411", name="Saint-Denis", departement=reunion, time_zone="Indian/Reunion"
    )
    place = create(commune=saint_denis, position=(-20.88, 55.45))
    assert place.zone.key == "Indian/Reunion"
    assert not place.stands_at_centre


def test_two_places_of_one_name_have_two_addresses():
    assert create().slug != create().slug


def test_the_address_of_the_page_survives_a_new_name():
    place = create()
    before = place.slug
    actions.edit_place(actor=SYSTEM, place=place, name="Salle Joséphine-Baker")
    assert Place.objects.get(pk=place.pk).slug == before
    assert history(place).last().data == {"fields": ["name"]}


def test_an_edit_that_changes_nothing_is_not_written(news):
    place = create()
    actions.edit_place(actor=SYSTEM, place=place, name=place.name)
    assert news == [place]


@pytest.mark.parametrize("field", ["slug", "owner", "publication", "time_zone"])
def test_what_has_its_own_verb_is_not_edited(field):
    with pytest.raises(TypeError):
        actions.edit_place(actor=SYSTEM, place=create(), **{field: "x"})


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"erp_category": 7}, "de 1 à 5"),
        ({"position": (120.0, 5.0)}, "position"),
        ({"name": ""}, "champ"),
        ({"contact_email": "mairie"}, "adresse"),
    ],
)
def test_the_rules_of_a_place_are_said_in_french(fields, sentence):
    with pytest.raises(Refusal, match=sentence):
        create(**fields)


def test_an_unverified_organisation_keeps_drafts():
    place = PlaceFactory(owner=OrganizationFactory(), publication=Publication.DRAFT)
    space = SpaceFactory(place=place, publication=Publication.DRAFT)
    for publish in (
        lambda: actions.publish_place(actor=SYSTEM, place=place),
        lambda: actions.publish_space(actor=SYSTEM, space=space),
    ):
        with pytest.raises(Refusal) as caught:
            publish()
        assert caught.value.code == "unverified"


def test_a_place_is_published_with_something_to_book(news):
    place = PlaceFactory(publication=Publication.DRAFT)
    with pytest.raises(Refusal, match="au moins un espace"):
        actions.publish_place(actor=SYSTEM, place=place)
    space = SpaceFactory(place=place, publication=Publication.DRAFT)
    actions.publish_place(actor=SYSTEM, place=place, with_spaces=True)
    space.refresh_from_db()
    assert space.is_public
    assert news == [place, space]
    actions.unpublish_place(actor=SYSTEM, place=place)
    space.refresh_from_db()
    assert not space.is_public


def test_archiving_takes_the_spaces_along(news):
    place = PlaceFactory()
    hall_in_thirds(place)
    news.clear()
    actions.archive_place(actor=SYSTEM, place=place)
    assert set(place.spaces.values_list("publication", flat=True)) == {Publication.ARCHIVED}
    assert len(news) == 7
    with pytest.raises(Refusal, match="archivé"):
        actions.create_space(actor=SYSTEM, place=place, name="A", kind="atelier", capacity=1)


def test_what_is_booked_is_not_archived(objection):
    place = PlaceFactory()
    hall = hall_in_thirds(place)
    for archive in (
        lambda: actions.archive_place(actor=SYSTEM, place=place),
        lambda: actions.archive_space(actor=SYSTEM, space=hall),
    ):
        with pytest.raises(Refusal, match="2 réservations à venir"):
            archive()
    assert not Place.objects.filter(publication=Publication.ARCHIVED).exists()
    assert not place.spaces.filter(publication=Publication.ARCHIVED).exists()


def test_a_role_is_given_by_e_mail_to_someone_who_never_came():
    place = PlaceFactory()
    given = actions.give_role(
        actor=SYSTEM, place=place, email=" Principale@College.example ", role=PlaceRoleKind.OPERATOR
    )
    assert given.user.email == "principale@college.example"
    message = Email.objects.get()
    assert message.recipient == "principale@college.example"
    assert place.name in message.text
    with pytest.raises(Refusal, match="déjà ce rôle"):
        actions.give_role(
            actor=SYSTEM, place=place, email=given.user.email, role=PlaceRoleKind.OPERATOR
        )
    actions.remove_role(actor=SYSTEM, role=given)
    assert not PlaceRole.objects.exists()
