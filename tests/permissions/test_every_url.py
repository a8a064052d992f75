"""Every address, as everyone, against the permission matrix."""

from copy import copy

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from preau.accounts.enums import Role
from preau.accounts.perms import MATRIX, Permission, permission
from tests.permissions.samples import THIRD_PARTY, World
from tests.permissions.walker import ROLES_COVERED, addresses, cookies_of, faults

ADDRESSES = dict(addresses())


@pytest.fixture(scope="module")
def settled(django_db_setup, django_db_blocker, tmp_path_factory):
    """A world and its cookies, made once: each test walks within a savepoint of its own."""
    folder = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with folder, django_db_blocker.unblock(), transaction.atomic():
        made = World(projects=True)
        yield made, cookies_of(made)
        transaction.set_rollback(True)


@pytest.fixture
def world(settled, db):
    """The same for every test, but for what the address itself makes in it."""
    return copy(settled[0])


@pytest.fixture
def jars(settled):
    return settled[1]


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_the_matrix_holds(name, world, jars):
    found = faults(name, ADDRESSES[name], world, jars)
    assert not found, "\n".join(found)


def test_every_role_has_a_persona():
    assert set(Role) == ROLES_COVERED


def test_library_views_are_still_there():
    assert set(THIRD_PARTY) <= set(ADDRESSES)


def test_every_action_of_a_view_is_in_the_matrix():
    for name, pattern in ADDRESSES.items():
        asked = getattr(pattern.callback, "permission", None)
        assert asked is None or asked.action in MATRIX, name


# --- The test itself is tested: it must see what it is there to see ------------------------------


def page(request, **kwargs):
    return HttpResponse("ok")


def _claims(action):
    """A view that names a permission and forgets to ask it."""

    def view(request, **kwargs):
        return HttpResponse("ok")

    view.permission = Permission(action, None)
    return view


def handler403(request, exception):
    return HttpResponse(status=403)


urlpatterns = [
    path("bare/", page, name="bare"),
    path("claims/", _claims("organization.verify"), name="claims"),
    path("asks/", permission("organization.verify")(page), name="asks"),
    path("unknown/<int:thing_id>/", permission("organization.verify")(page), name="unknown"),
    path("connexion/", permission("account.sign_in")(page), name="account_login"),
]


@pytest.fixture
def _four_addresses(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.usefixtures("_four_addresses")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bare", "declares no @permission"),
        ("claims", "as resident: served (200), the matrix says forbidden"),
        ("unknown", "Add its arguments to SAMPLES"),
    ],
)
def test_a_forgotten_permission_is_seen(name, sentence, world, jars):
    assert sentence in "\n".join(faults(name, dict(addresses())[name], world, jars))


@pytest.mark.usefixtures("_four_addresses")
def test_an_asked_permission_passes(world, jars):
    assert faults("asks", dict(addresses())["asks"], world, jars) == []
