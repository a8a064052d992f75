"""Which database a process opens, from one and the same environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

DIRECT = "postgresql://preau:secret@database.example/preau?sslmode=verify-full"
POOL = "postgresql://preau:secret@pool.example:6432/preau"
REPLICA = "postgresql://preau_search:secret@replica.example/preau"


@pytest.fixture
def given(monkeypatch):
    """Sets these variables, and no other of those that name a database."""
    for name in ("DATABASE_URL", "PREAU_POOL_URL", "PREAU_SEARCH_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def give(*, pages=False, **variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(environment, "serves_pages", pages)
        return environment.databases("postgresql://preau@/embedded")

    return give


@pytest.mark.parametrize(("pages", "host"), [(True, "pool.example"), (False, "database.example")])
def test_pages_alone_go_through_the_pool(given, pages, host):
    found = given(pages=pages, DATABASE_URL=DIRECT, PREAU_POOL_URL=POOL)
    assert found["default"]["HOST"] == host
    assert found["default"].get("DISABLE_SERVER_SIDE_CURSORS", False) is pages
    assert "search" not in found


def test_without_a_pool_pages_go_straight(given):
    assert given(pages=True, DATABASE_URL=DIRECT)["default"]["HOST"] == "database.example"


def test_nothing_named_means_the_embedded_server(given):
    assert given(pages=True)["default"]["NAME"] == "embedded"


def test_nobody_waits_long_for_a_replica(given):
    replica = given(PREAU_SEARCH_DATABASE_URL=REPLICA)["search"]
    assert replica["OPTIONS"]["connect_timeout"] == "2"
    assert replica["TEST"] == {"MIRROR": "default"}
    longer = given(PREAU_SEARCH_DATABASE_URL=f"{REPLICA}?connect_timeout=5")["search"]
    assert longer["OPTIONS"]["connect_timeout"] == "5"


def test_what_is_no_postgresql_is_refused(given):
    with pytest.raises(ImproperlyConfigured, match="must start with postgresql://"):
        given(PREAU_SEARCH_DATABASE_URL="mysql://replica.example/preau")
