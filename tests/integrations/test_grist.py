"""The client of Grist against a server with the same quirks, and on its bad days."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from preau.integrations import grist
from preau.integrations.grist import errors
from preau.integrations.grist.batches import Update, Upsert, Upserts, additions, updates, upserts
from preau.integrations.grist.cells import Column, read_choices, read_date
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable, json_bytes
from tests.integrations.misbehaving import door, running

COLUMNS = [
    Column("uuid", label="Identifiant"),
    Column("nom"),
    Column("montant", "Numeric"),
    Column("debut", "Date"),
    Column("themes", "ChoiceList"),
]


@pytest.fixture(scope="module")
def url():
    with running("fakes.grist") as address:
        yield address


@pytest.fixture
def service(url):
    door(url, "/_mood/none")
    door(url, "/_reset")
    with grist.server(url, "owner", timeout=5) as opened:
        yield opened


@pytest.fixture
def document(service):
    return grist.Document(service, "doc")


@pytest.fixture
def table(document):
    return document.create_table("Projets", COLUMNS)


def put(document, table, *records, **options):
    (batch,) = upserts(records)
    return document.upsert(table, batch, **options)


def named(uuid, **fields):
    return Upsert({"uuid": uuid}, fields)


def rows(document, table):
    return [(one.id, one.fields["uuid"], one.fields["nom"]) for one in document.records(table)]


# --- documents, tables, columns ---------------------------------------------------------------


def test_a_document_is_made_where_the_key_sees(service):
    ((organization, name),) = grist.organizations(service)
    workspace = grist.create_workspace(service, organization, "Projets")
    made = grist.create_document(service, workspace, "Suivi")
    assert (name, made.tables()) == ("Préau", ("Table1",))


def test_a_table_is_used_by_the_id_it_was_given(document):
    ids = [document.create_table("Projets d'été", COLUMNS) for _ in range(3)]
    assert ids == ["Projets_d_ete", "Projets_d_ete2", "Projets_d_ete3"]
    assert document.tables() == ("Table1", *ids)


def test_columns_are_added_or_changed(document, table):
    document.put_columns(table, [Column("nom", label="Nom"), Column("fin", "Date")])
    found = {column.id: column for column in document.columns(table)}
    assert found["nom"] == Column("nom", "Text", "Nom")
    assert found["fin"] == Column("fin", "Date", "fin")
    assert found["montant"].type == "Numeric"
    document.put_columns(table, [Column("uuid")], replace_all=True)
    assert [column.id for column in document.columns(table)] == ["uuid"]


@pytest.mark.parametrize("name", ["", "id", "ID", "manualSort", "été", "2026", "a b", "_a"])
def test_an_id_that_the_server_would_change_is_refused(name):
    with pytest.raises(ValueError, match="not an id"):
        Column(name)


# --- records ----------------------------------------------------------------------------------


def test_records_are_added_read_updated_deleted(document, table):
    (batch,) = additions([{"uuid": "a", "montant": 12.5}, {"uuid": "b", "debut": date(2026, 1, 2)}])
    assert document.add(table, batch) == (1, 2)
    (batch,) = updates([Update(1, {"nom": "Un"}), Update(2, {"nom": "Deux"})])
    document.update(table, batch)
    (second,) = document.records(table, where={"uuid": ["b", "z"]})
    assert (second.id, second.fields["nom"]) == (2, "Deux")
    assert read_date(second.fields["debut"]) == date(2026, 1, 2)
    assert [one.id for one in document.records(table, sort="-uuid", limit=1)] == [2]
    document.delete(table, [1, 3])
    assert rows(document, table) == [(2, "b", "Deux")]


def test_deleting_goes_by_a_thousand(url, document, table):
    document.delete(table, range(1, 2_502))
    deleted = [one for one in door(url, "/_calls") if one["path"].endswith("/delete")]
    assert len(deleted) == 3


def test_an_update_of_a_row_that_is_gone_writes_nothing(document, table):
    put(document, table, named("a", nom="Un"))
    (batch,) = updates([Update(1, {"nom": "Neuf"}), Update(9, {"nom": "Neuf"})])
    with pytest.raises(errors.RowNotFound):
        document.update(table, batch)
    assert rows(document, table) == [(1, "a", "Un")]


def test_an_upsert_says_what_it_did(document, table):
    put(document, table, named("b", nom="Deux"))
    done = put(document, table, named("a", nom="Un"), named("b", nom="Deux bis"))
    assert done == grist.Upserted(((2,), (1,)), (2,), (1,))
    assert rows(document, table) == [(1, "b", "Deux bis"), (2, "a", "Un")]


def test_an_upsert_may_only_add_or_only_update(document, table):
    put(document, table, named("a", nom="Un"))
    done = put(document, table, named("a", nom="Autre"), named("b", nom="Deux"), update=False)
    assert done == grist.Upserted(((), (2,)), (2,), ())
    done = put(document, table, named("b", nom="Deux bis"), named("c", nom="Trois"), add=False)
    assert done == grist.Upserted(((2,), ()), (), (2,))
    assert rows(document, table) == [(1, "a", "Un"), (2, "b", "Deux bis")]


@pytest.mark.parametrize(
    ("on_many", "written"), [("first", [1]), ("all", [1, 2]), ("none", [])], ids=str
)
def test_an_upsert_that_finds_several(document, table, on_many, written):
    (batch,) = additions([{"uuid": "a"}, {"uuid": "a"}])
    document.add(table, batch)
    done = put(document, table, named("a", nom="Un"), on_many=on_many)
    assert list(done.updated) == written
    assert [one[0] for one in rows(document, table) if one[2] == "Un"] == written


def test_records_of_several_shapes_keep_their_order(document, table):
    done = put(
        document, table, named("a", nom="Un"), named("b", montant=2), named("c", nom="Trois")
    )
    by_uuid = {uuid: row for row, uuid, _ in rows(document, table)}
    assert done.records == ((by_uuid["a"],), (by_uuid["b"],), (by_uuid["c"],))


def test_an_older_server_does_not_say_what_it_did(url, document, table):
    door(url, "/_old")
    assert put(document, table, named("a", nom="Un")) is None
    assert rows(document, table) == [(1, "a", "Un")]


def test_values_come_back_as_they_went(document, table):
    sent = {"montant": 1200, "debut": date(1969, 7, 20), "themes": ["eau", "a,b"], "nom": "0123"}
    put(document, table, named("a", **sent))
    (found,) = document.records(table)
    assert read_date(found.fields["debut"]) == sent["debut"]
    assert read_choices(found.fields["themes"]) == ("eau", "a,b")
    assert (found.fields["montant"], found.fields["nom"]) == (1200, "0123")


def test_strings_are_never_parsed(document, table):
    put(document, table, Upsert({"uuid": "a"}, {"montant": "012", "debut": "2026-01-02"}))
    (found,) = document.records(table)
    assert (found.fields["montant"], found.fields["debut"]) == ("012", "2026-01-02")
    with pytest.raises(ValueError, match="not a date"):
        read_date(found.fields["debut"])


def test_the_fake_parses_strings_when_asked_nothing(service, document, table):
    said = {"records": [{"fields": {"montant": "$12", "debut": "1970-01-02", "themes": "a,b"}}]}
    headers = {"Content-Type": "application/json"}
    path = f"/docs/doc/tables/{table}/records"
    service.send("POST", path, content=json_bytes(said), headers=headers)
    (found,) = document.records(table)
    assert found.fields["montant"] == 12
    assert found.fields["debut"] == 86_400
    assert found.fields["themes"] == ["L", "a", "b"]


# --- refusals ---------------------------------------------------------------------------------


def body(*records):
    return Upserts(json_bytes({"records": records}), len(records), again=False)


@pytest.mark.parametrize(
    ("records", "kind"),
    [
        ([{"require": {"uuid": "a"}}, {"require": {"uuid": "a"}}], errors.RequireNotUnique),
        ([{"require": {}}], errors.RequireEmpty),
        ([{"require": {"typo": 1}}], errors.ColumnNotFound),
        ([{"require": {"uuid": 1}, "fields": {"nom": ["Z"]}}], errors.InvalidPayload),
        ([{"fields": {}}], errors.InvalidPayload),
        ([], errors.InvalidPayload),
        ([{"require": {"uuid": "x" * 1_048_600}}], errors.BodyTooLarge),
    ],
)
def test_each_refusal_has_its_class_and_keeps_what_was_sent(document, table, records, kind):
    with pytest.raises(kind) as raised:
        document.upsert(table, body(*records))
    assert isinstance(raised.value, Rejected)
    assert str(raised.value) in {"status 400", "status 413"}


def test_a_wrong_onmany_is_refused_too(document, table):
    with pytest.raises(Rejected) as raised:
        put(document, table, named("a"), on_many="foo")
    assert "first,none,all" in raised.value.said["error"]


def test_what_is_not_there(service, document):
    with pytest.raises(errors.TableNotFound):
        document.records("Typo")
    with pytest.raises(errors.DocumentNotFound):
        grist.Document(service, "typo").tables()


@pytest.mark.parametrize("more", ["/records?x=", "/records#", "/../Projets", "?x=1", " é"])
def test_an_id_never_leaves_its_place_in_the_address(service, document, table, more):
    with pytest.raises(errors.TableNotFound):
        document.records(table + more)
    with pytest.raises(errors.DocumentNotFound):
        grist.Document(service, f"doc/tables{more}").tables()


@pytest.mark.parametrize(("key", "write"), [("wrong", False), ("viewer", True)])
def test_a_key_that_may_not(url, service, document, table, key, write):
    with grist.server(url, key) as other, pytest.raises(Unauthorized) as raised:
        mine = grist.Document(other, "doc")
        mine.create_table("Autre", COLUMNS) if write else mine.tables()
    assert key not in str(raised.value)
    assert key not in repr(other)


# --- limits -----------------------------------------------------------------------------------


def test_the_eleventh_at_once_is_throttled(url, document, table):
    door(url, "/_hold")
    with ThreadPoolExecutor(10) as pool:
        waiting = [pool.submit(read_alone, url) for _ in range(10)]
        while door(url, "/_inside/doc") < 10:
            pass
        with pytest.raises(Throttled) as raised:
            document.tables()
        door(url, "/_release")
        assert {one.result() for one in waiting} == {("Table1", table)}
    assert raised.value.retry_after is None
    assert len(document.tables()) == 2


def read_alone(url):
    with grist.server(url, "owner", timeout=10) as own:
        return grist.Document(own, "doc").tables()


def test_a_day_has_its_number_of_calls(url, document):
    door(url, "/_daily/1")
    document.tables()
    with pytest.raises(Throttled):
        document.tables()


def test_many_records_go_in_bodies_under_the_limit(url, document, table):
    records = (named(f"u{rank}", nom="é" * 40) for rank in range(2_000))
    for batch in upserts(records):
        document.upsert(table, batch)
    sent = [one for one in door(url, "/_calls") if one["method"] == "PUT"]
    assert len(sent) == 10
    assert max(one["bytes"] for one in sent) < 1_048_576
    assert len(document.records(table)) == 2_000


# --- bad days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["slow", "drip", "truncated", "html", "cut", "401", "403", "429", "500", "503"]
)
def test_every_failure_is_unavailable_and_says_nothing(url, document, kind):
    door(url, f"/_mood/{kind}")
    with grist.server(url, "owner", timeout=0.3) as hurried, pytest.raises(Unavailable) as raised:
        grist.Document(hurried, "doc").tables()
    assert "owner" not in str(raised.value)
    if kind == "429":
        assert raised.value.retry_after == 2
    assert isinstance(raised.value, Unauthorized) is (kind in {"401", "403"})


def test_a_server_that_is_down():
    with pytest.raises(Unavailable):
        grist.organizations(grist.server("http://127.0.0.1:9", "owner"))


SHAPES = [{}, [], None, {"tables": None}, {"tables": [{}]}, {"tables": [1]}, "x", 3]


@pytest.mark.parametrize("said", SHAPES, ids=str)
def test_another_shape_is_unavailable(monkeypatch, document, said):
    monkeypatch.setattr(grist, "_exchange", lambda *args, **kwargs: said)
    calls = [
        document.tables,
        document.webhooks,
        lambda: document.columns("T"),
        lambda: document.records("T"),
        lambda: document.create_table("T", COLUMNS),
        lambda: document.create_webhook("T", url="https://x", authorization="x", name="x"),
        lambda: document.add("T", next(additions([{"nom": "a"}]))),
    ]
    for call in calls:
        with pytest.raises(Unavailable):
            call()


@pytest.mark.parametrize("rows", [[], [[1], [2]], [["x"]], [1]], ids=str)
def test_an_answer_about_other_records_is_unavailable(monkeypatch, document, rows):
    said = {"recordIds": rows, "addRecordIds": [], "updateRecordIds": []}
    monkeypatch.setattr(grist, "_exchange", lambda *args, **kwargs: said)
    with pytest.raises(Unavailable):
        put(document, "T", named("a"))


def test_an_upsert_is_tried_again_and_an_addition_is_not(url, document, table):
    pauses = []
    with grist.server(url, "owner", tries=3, sleep=pauses.append) as patient:
        mine = grist.Document(patient, "doc")
        door(url, "/_mood/cut?times=2")
        put(mine, table, named("a", nom="Un"))
        assert len(pauses) == 2
        door(url, "/_mood/cut?times=1")
        with pytest.raises(Unavailable):
            mine.create_table("Autre", COLUMNS)
        assert mine.tables() == ("Table1", table, "Autre")
        door(url, "/_mood/cut?times=1")
        with pytest.raises(Unavailable):
            mine.add(table, next(additions([{"uuid": "b"}])))
        door(url, "/_mood/cut?times=1")
        with pytest.raises(Unavailable):
            put(mine, table, Upsert({"uuid": "a"}, {"uuid": "c"}))
    assert len(pauses) == 2
    assert [one[1] for one in rows(document, table)] == ["c", "b"]


def test_a_row_whose_formula_failed_says_so(monkeypatch, document):
    said = {"records": [{"id": 1, "fields": {"a": None}, "errors": {"a": "ZeroDivisionError"}}]}
    monkeypatch.setattr(grist, "_exchange", lambda *args, **kwargs: json.loads(json.dumps(said)))
    (found,) = document.records("T")
    assert found.errors == {"a"}
