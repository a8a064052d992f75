"""Who may what on a place, by role, hat and page."""

import pytest
from django.urls import reverse

from preau.accounts.actors import ANONYMOUS, Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.perms import allowed
from preau.core.registries import audience_sources
from preau.places.enums import PlaceRoleKind, Publication
from preau.places.models import Photo
from tests.accounts.factories import MembershipFactory, UserFactory, sign_in
from tests.places.factories import PlaceFactory, PlaceRoleFactory, SpaceFactory

pytestmark = pytest.mark.django_db
ACTIONS = ["place.manage", "place.edit", "place.publish", "place.people", "place.preview"]


def granted(actor, subject):
    return {action for action in ACTIONS if allowed(actor, action, subject)}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (MembershipRole.ADMINISTRATOR, set(ACTIONS)),
        (MembershipRole.MANAGER, set(ACTIONS)),
        (MembershipRole.APPROVER, {"place.manage", "place.preview"}),
        (MembershipRole.CARETAKER, {"place.manage", "place.preview"}),
        (MembershipRole.MEMBER, {"place.preview"}),
    ],
)
def test_members_of_the_owner(role, expected):
    place = PlaceFactory()
    membership = MembershipFactory(organization=place.owner, role=role)
    actor = Actor(membership.user, membership)
    assert granted(actor, place) == expected
    assert granted(actor, PlaceFactory()) == set()
    assert granted(Actor(membership.user), place) == set()  # without the hat


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (PlaceRoleKind.OWNER, set(ACTIONS)),
        (PlaceRoleKind.OPERATOR, set(ACTIONS)),
        (PlaceRoleKind.HEAD_OF_SCHOOL, set(ACTIONS)),
        (PlaceRoleKind.CARETAKER, {"place.manage", "place.preview"}),
    ],
)
def test_roles_given_on_the_place_hold_under_any_hat(role, expected):
    given = PlaceRoleFactory(role=role)
    elsewhere = MembershipFactory(user=given.user)
    for actor in (Actor(given.user), Actor(given.user, elsewhere)):
        assert granted(actor, given.place) == expected
        assert granted(actor, SpaceFactory(place=given.place)) == expected
        assert granted(actor, PlaceFactory()) == set()


def test_nobody_and_the_operator():
    place = PlaceFactory()
    assert granted(ANONYMOUS, place) == set()
    assert granted(Actor(UserFactory()), place) == set()
    assert granted(Actor(UserFactory(operator=True)), place) == set(ACTIONS)


def test_roles_cost_two_queries_a_request(django_assert_num_queries):
    """One for the roles given on places, one for those lent by delegation."""
    given = PlaceRoleFactory()
    places = PlaceFactory.create_batch(5)
    with django_assert_num_queries(2):
        for place in [*places, given.place]:
            allowed(Actor(given.user), "place.manage", place)


@pytest.mark.parametrize("role", PlaceRoleKind)
def test_those_who_run_a_place_read_what_is_written_for_it(role):
    given = PlaceRoleFactory(role=role)
    keys = set().union(*(source(Actor(given.user)) for source in audience_sources))
    # A caretaker opens the door: what occupants write and hand in is not for them.
    assert (f"place:{given.place_id}" in keys) == (role != PlaceRoleKind.CARETAKER)


def pages_of(space):
    on_place = [
        "detail", "edit_identity", "edit_address", "edit_access", "edit_safety", "photos",
        "people", "publish", "unpublish", "archive", "space_create",
    ]  # fmt: skip
    on_space = [
        "space_detail", "edit_essentials", "edit_equipment", "edit_rules", "division",
        "space_photos", "space_publish", "space_unpublish", "space_archive",
    ]  # fmt: skip
    return [reverse(f"places:{name}", args=[space.place_id]) for name in on_place] + [
        reverse(f"places:{name}", args=[space.pk]) for name in on_space
    ]


def test_every_page_answers_its_manager_and_nobody_else(client):
    space = SpaceFactory()
    manager = MembershipFactory(organization=space.place.owner)
    for url in pages_of(space):
        assert client.get(url).status_code == 302, url
    sign_in(client, UserFactory())
    for url in pages_of(space):
        assert client.get(url).status_code == 403, url
    sign_in(client, manager.user, manager)
    for url in pages_of(space):
        assert client.get(url).status_code == 200, url


def test_a_caretaker_sees_and_does_not_touch(client):
    given = PlaceRoleFactory()
    space = SpaceFactory(place=given.place)
    sign_in(client, given.user)
    seen = [url for url in pages_of(space) if client.get(url).status_code == 200]
    assert seen == [
        reverse("places:detail", args=[given.place_id]),
        reverse("places:space_detail", args=[space.pk]),
    ]
    assert "Modifier" not in client.get(seen[0]).content.decode()


def test_only_managers_begin_a_place(client):
    url = reverse("places:create")
    sign_in(client, UserFactory())
    assert "appartient à une structure" in client.get(url).content.decode()
    member = MembershipFactory(role=MembershipRole.MEMBER)
    sign_in(client, member.user, member)
    assert "ne le permet pas" in client.post(url, {}).content.decode()


def test_photos_of_drafts_are_for_those_who_prepare_them(client, album):
    photo = album(PlaceFactory(publication=Publication.DRAFT))
    assert client.get(photo.url).status_code == 404
    sign_in(client, UserFactory())
    assert client.get(photo.url).status_code == 404
    manager = MembershipFactory(organization=photo.place.owner)
    sign_in(client, manager.user, manager)
    answer = client.get(photo.url)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_photos_of_published_places_are_for_everyone(client, album):
    photo = album(PlaceFactory())
    for url in (photo.url, photo.thumbnail_url):
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    draft = SpaceFactory(place=photo.place, publication=Publication.DRAFT)
    Photo.objects.update(space=draft)
    assert client.get(photo.url).status_code == 404
    assert client.get(reverse("places:picture", args=["0" * 64])).status_code == 404
