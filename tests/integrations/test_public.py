"""Addresses typed by people: private ones are never connected to."""

import socket

import pytest

from preau.integrations.http import Service, Unavailable
from preau.integrations.public import NotPublic, public


def _resolving(monkeypatch, *addresses):
    found = [(0, 0, 0, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.9",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::10.0.0.1",
        "2002:a9fe:a9fe::1",
        "fec0::1",
    ],
)
def test_private_addresses_are_refused(monkeypatch, address):
    _resolving(monkeypatch, address)
    with pytest.raises(NotPublic, match="not public"):
        public("https://agenda.example/a.ics")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "64:ff9b::5db8:d822"])
def test_public_ones_are_connected_to(monkeypatch, address):
    _resolving(monkeypatch, address)
    public("https://agenda.example/a.ics")


def test_one_private_address_among_others_is_enough(monkeypatch):
    _resolving(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(NotPublic):
        public("https://agenda.example/a.ics")


def test_the_very_address_that_was_checked_is_connected_to(monkeypatch):
    _resolving(monkeypatch, "93.184.216.34")
    found = public("https://agenda.example:8443/a.ics?cle=1")
    assert found.url == "https://93.184.216.34:8443/a.ics?cle=1"
    assert (found.host, found.authority) == ("agenda.example", "agenda.example:8443")


def test_a_name_that_nobody_knows_is_refused():
    with pytest.raises(NotPublic, match="not known"):
        public("https://nowhere.invalid/")


def test_a_service_at_a_typed_address_calls_no_neighbour(monkeypatch):
    called = []
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: called.append(a))
    with pytest.raises(Unavailable, match="not public"):
        Service("http://127.0.0.1:9", only_public=True).get("/")
    assert called == []


@pytest.mark.parametrize(("only_public", "by_proxy"), [(True, False), (False, True)])
def test_no_proxy_of_the_environment_calls_what_somebody_typed(monkeypatch, only_public, by_proxy):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    with Service("https://agenda.example", only_public=only_public) as service:
        assert any(service._client._mounts.values()) == by_proxy
