"""Webhooks of Grist: what they carry, what they never tell, whom they may call."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from preau.integrations import grist
from preau.integrations.grist import errors
from preau.integrations.grist.batches import Upsert, additions, upserts
from preau.integrations.grist.cells import Column
from preau.integrations.grist.webhooks import NotADelivery, is_ours, read_delivery
from preau.integrations.http import Rejected, Unauthorized
from tests.integrations.misbehaving import door, running

COLUMNS = [Column("uuid"), Column("nom"), Column("montant", "Numeric")]


@pytest.fixture(scope="module")
def url():
    with running("fakes.grist") as address:
        yield address


@pytest.fixture
def document(url):
    door(url, "/_reset")
    with grist.server(url, "owner", timeout=5) as service:
        yield grist.Document(service, "doc")


@pytest.fixture
def table(document):
    return document.create_table("Projets", COLUMNS)


def put(document, table, uuid, **fields):
    document.upsert(table, next(upserts([Upsert({"uuid": uuid}, fields)])))


class Listening(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def listening():
    with HTTPServer(("127.0.0.1", 0), Listening) as server:
        server.heard, server.status = [], 200
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def hook(document, table, server, **more):
    address = f"http://127.0.0.1:{server.server_port}/hook"
    return document.create_webhook(
        table, url=address, authorization="Bearer secret", name="Préau", **more
    )


def test_a_delivery_carries_rows_and_the_authorization(url, document, table, listening):
    webhook = hook(document, table, listening)
    door(url, f"/_person/doc/{table}", {"row": {"uuid": "a", "nom": "Un"}})
    door(url, f"/_person/doc/{table}", {"row": {"id": 1, "nom": "Deux"}})
    assert door(url, f"/_deliver/{webhook}") == {"rows": 2, "status": 200}
    ((authorization, body),) = listening.heard
    assert is_ours(authorization, "Bearer secret")
    first, second = read_delivery(body)
    assert (first.id, first.fields["nom"], second.fields["nom"]) == (1, "Un", "Deux")
    assert "id" not in first.fields


def test_a_deletion_is_never_told(url, document, table, listening):
    put(document, table, "a", nom="Un")
    webhook = hook(document, table, listening)
    document.delete(table, [1])
    assert document.webhooks()[0].waiting == 0
    assert door(url, f"/_deliver/{webhook}")["rows"] == 0


def test_only_the_columns_asked_for_are_watched(url, document, table, listening):
    put(document, table, "a", nom="Un")
    hook(document, table, listening, columns=["nom"])
    put(document, table, "a", montant=3)
    assert document.webhooks()[0].waiting == 0
    put(document, table, "a", nom="Deux")
    assert document.webhooks()[0].waiting == 1


def test_deliveries_are_of_a_hundred_and_come_again(url, document, table, listening):
    webhook = hook(document, table, listening)
    for batch in additions({"uuid": str(rank)} for rank in range(150)):
        document.add(table, batch)
    listening.status = 500
    door(url, f"/_deliver/{webhook}")
    (said,) = document.webhooks()
    assert (said.status, said.waiting, said.name, said.table) == ("retrying", 150, "Préau", table)
    listening.status = 200
    door(url, f"/_deliver/{webhook}")
    door(url, f"/_deliver/{webhook}")
    assert [len(read_delivery(body)) for _, body in listening.heard] == [100, 100, 50]


def test_a_webhook_is_deleted_and_its_secret_never_shown(document, table, listening):
    webhook = hook(document, table, listening)
    assert "secret" not in repr(document.webhooks())
    document.delete_webhook(webhook)
    assert document.webhooks() == ()
    with pytest.raises(Rejected):
        document.delete_webhook(webhook)


def test_a_forbidden_address_and_a_key_that_is_not_an_owners(url, document, table):
    ask = {"authorization": "Bearer secret", "name": "x"}
    for address in ("https://elsewhere.example/", "http://preau.example/"):
        with pytest.raises(errors.WebhookRefused):
            document.create_webhook(table, url=address, **ask)
    with grist.server(url, "editor") as other, pytest.raises(errors.WebhookRefused):
        grist.Document(other, "doc").create_webhook(table, url="https://preau.example/", **ask)
    with grist.server(url, "wrong") as other, pytest.raises(Unauthorized) as raised:
        grist.Document(other, "doc").create_webhook(table, url="https://preau.example/", **ask)
    assert not isinstance(raised.value, errors.WebhookRefused)


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer secret ", "bearer secret", "é"])
def test_another_authorization_is_not_ours(given):
    assert not is_ours(given, "Bearer secret")
    assert not is_ours(given, "")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{}",
        b"[",
        b"null",
        b"[1]",
        b"[{}]",
        b'[{"id": "1"}]',
        b'[{"id": true}]',
        b'[{"id": 0}]',
        b"\xff",
    ],
)
def test_what_is_not_a_delivery(said):
    with pytest.raises(NotADelivery) as raised:
        read_delivery(said)
    assert raised.value.__cause__ is None
