"""The clients of Démarche numérique against a server with the same quirks, and on its bad days."""

import json
from base64 import b64encode
from datetime import UTC, date, datetime

import pytest

from preau.integrations import demarches
from preau.integrations.demarches import Identity, NotFound, State, Status, champs
from preau.integrations.demarches.champs import Commune, Epci, prefilling
from preau.integrations.demarches.comparison import Comparison, compared
from preau.integrations.demarches.graphql import Dossier, FiledChamp, dossier, server
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable, json_bytes
from tests.integrations.misbehaving import door, running

DAY = 86_400


@pytest.fixture(scope="module")
def url():
    with running("fakes.demarches") as address:
        yield address


@pytest.fixture
def service(url):
    door(url, "/_mood/none")
    door(url, "/_reset")
    with demarches.service(url, timeout=5) as opened:
        yield opened


@pytest.fixture
def agent(url):
    with server(url, "token", timeout=5) as opened:
        yield opened


@pytest.fixture
def detr(service):
    return demarches.schema(service, "detr-dsil")


def labelled(detr, **values):
    by_label = {champ.label: champ.id for champ in detr.champs}
    return prefilling(
        detr.champs, {by_label[label.replace("_", " ")]: one for label, one in values.items()}
    )


def key(number):
    return champs.key_of(b64encode(f"Champ-{number}".encode()).decode())


# --- schema -----------------------------------------------------------------------------------


def test_a_demarche_describes_its_champs(detr):
    assert (detr.number, detr.state, len(detr.champs)) == (101, "publiee", 20)
    by_label = {champ.label: champ for champ in detr.champs}
    assert by_label["Thème"].options == ("Eau", "École")
    assert by_label["Autre thème"].other
    assert by_label["Département"].options == ("38",)
    assert [champ.label for champ in by_label["Financeurs"].champs] == ["Nom", "Montant"]
    assert by_label["Intitulé"].required
    assert not by_label["Délibération"].is_prefillable
    assert by_label["Financeurs"].is_prefillable


@pytest.mark.parametrize(
    "path", ["inconnue", "fonds-vert", "fermee", "../x", "a/b", "detr-dsil/schema?x="]
)
def test_only_open_data_demarches_have_a_schema(service, path):
    with pytest.raises(NotFound):
        demarches.schema(service, path)


# --- prefilling -------------------------------------------------------------------------------

EVERYTHING = {
    "Intitulé": "École de Voiron",
    "Habitants": 20_000,
    "Coût": 1_200_000.5,
    "Début": date(2026, 9, 1),
    "Réunion": datetime(2026, 3, 4, 10, 30, tzinfo=UTC),
    "Travaux_commencés": False,
    "Civilité": "Mme",
    "Thème": "École",
    "Publics": ["Jeunes", "Familles"],
    "Commune": Commune("38500", "38563"),
    "EPCI": Epci("38", "200040715"),
    "SIRET": "21380563500010",
    "Département": "38",
    "Sur_l'honneur": True,
    "Autre_thème": "Patrimoine",
    "Adresse": "12 rue des Écoles, Voiron",
    "Région": "84",
}


def test_every_kind_of_value_is_kept(url, service, agent, detr):
    filling = labelled(detr, **EVERYTHING)
    assert filling.refused == ()
    made = demarches.prefill(service, detr.number, filling.sent)
    door(url, f"/_file/{made.number}")
    found = compared(filling.sent, dossier(agent, made.number))
    assert (len(found.kept), found.dropped, found.absent) == (len(EVERYTHING), (), ())


def test_rows_of_a_repetition_are_kept(url, service, agent, detr):
    by_label = {champ.label: champ for champ in detr.champs}
    name, amount = (champ.id for champ in by_label["Financeurs"].champs)
    filling = labelled(detr, Financeurs=[{name: "État", amount: 1_000}, {name: "Région"}])
    made = demarches.prefill(service, detr.number, filling.sent)
    door(url, f"/_file/{made.number}")
    filed = dossier(agent, made.number)
    assert compared(filling.sent, filed) == Comparison((key(15), key(16)), (), ())
    (repetition,) = (one for one in filed.champs if one.rows)
    assert [row[0].text for row in repetition.rows] == ["État", "Région"]


def test_what_the_service_does_not_read_is_dropped_in_silence(url, service, agent, detr):
    sent = {
        key(1): "École",
        key(2): "beaucoup",
        key(5): "2026-03-04T10:30:00-04:00",
        key(6): "oui",
        key(9): ["Jeunes", "Autres"],
        key(10): ["38500", "75056"],
        key(11): ["38", "999999999"],
        key(14): [{key(15): "État", key(16): "beaucoup"}, {key(15): "Région", key(16): "3"}],
        key(17): "deliberation.pdf",
        key(99): "inconnu",
    }
    made = demarches.prefill(service, detr.number, sent)
    door(url, f"/_file/{made.number}")
    found = compared(sent, dossier(agent, made.number))
    assert found.kept == tuple(sorted([key(1), key(15)]))
    assert found.dropped == tuple(sorted(key(one) for one in (2, 5, 6, 9, 10, 11, 16, 17)))
    assert found.absent == (key(99),)


def test_what_its_holder_wrote_was_not_kept_for_all_that(url, service, agent, detr):
    made = demarches.prefill(service, detr.number, {key(2): "beaucoup", key(1): "École"})
    two = key(2).removeprefix("champ_")
    door(url, f"/_file/{made.number}", {two: "20000", two + "=": "20000", two + "==": "20000"})
    filed = dossier(agent, made.number)
    assert {one.text for one in filed.champs if champs.key_of(one.champ) == key(2)} == {"20000"}
    assert compared({key(2): "beaucoup", key(1): "École"}, filed).dropped == (key(2),)


def test_the_holder_goes_with_the_dossier(url, service):
    identity = Identity("Camille", "Durand", "Mme")
    made = demarches.prefill(service, 102, {}, identity)
    assert door(url, f"/_identity/{made.number}") == {
        "identite_prenom": "Camille",
        "identite_nom": "Durand",
        "identite_genre": "Mme",
    }
    assert "Durand" not in repr(identity)
    assert made.token not in repr(made)
    assert made.url.endswith(f"/commencer/fonds-vert?prefill_token={made.token}")
    with pytest.raises(ValueError, match="civility"):
        Identity("Camille", "Durand", "F")


@pytest.mark.parametrize("number", [103, 999])
def test_a_closed_or_unknown_demarche(service, number):
    with pytest.raises(NotFound):
        demarches.prefill(service, number, {})
    with pytest.raises(NotFound):
        demarches.statuses(service, number, ["a"])


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain", None])
def test_the_fake_takes_one_content_type_to_the_letter(service, kind):
    headers = {"Content-Type": kind} if kind else {}
    for method in ("POST", "GET"):
        with pytest.raises(Rejected) as raised:
            service.send(
                method, "/api/public/v1/demarches/101/dossiers", content=b"{}", headers=headers
            )
        assert raised.value.said == {"error": "Content-Type should be json"}


def test_sixteen_prefillings_in_a_moment_are_too_many(url, service):
    for _ in range(demarches.PREFILLINGS_AT_ONCE):
        demarches.prefill(service, 101, {})
    with pytest.raises(Throttled):
        demarches.prefill(service, 101, {})
    door(url, f"/_clock/{demarches.PREFILLINGS_SECONDS}")
    demarches.prefill(service, 101, {})


def test_a_prefilling_is_never_asked_twice(url, service):
    pauses = []
    with demarches.service(url, tries=3, sleep=pauses.append) as patient:
        door(url, "/_mood/cut?times=1")
        with pytest.raises(Unavailable):
            demarches.prefill(patient, 101, {})
        assert pauses == []
        door(url, "/_mood/cut?times=1")
        assert demarches.schema(patient, "detr-dsil").number == 101
    assert len(pauses) == 1


# --- what becomes of it -----------------------------------------------------------------------


def test_a_dossier_is_followed_by_its_token(url, service):
    made = demarches.prefill(service, 101, {})
    one = {"token": made.token}

    def seen():
        return demarches.statuses(service, 101, [one["token"]])[one["token"]]

    assert seen() == Status(State.PREFILLED, made.number, made.url)
    door(url, f"/_claim/{made.number}")
    assert seen() == Status(State.BROUILLON, made.number)
    door(url, f"/_clock/{DAY}")
    door(url, f"/_file/{made.number}")
    filed = datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert seen() == Status(State.EN_CONSTRUCTION, made.number, None, filed)
    door(url, f"/_agent/{made.number}/en_instruction")
    door(url, f"/_clock/{DAY}")
    door(url, f"/_agent/{made.number}/accepte")
    processed = datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert seen() == Status(State.ACCEPTE, made.number, None, filed, processed)
    door(url, f"/_delete/{made.number}")
    assert seen() == Status(State.EXPIRED)


def test_an_unclaimed_dossier_is_gone_after_five_days(url, service):
    left, opened = (demarches.prefill(service, 101, {}) for _ in range(2))
    door(url, f"/_claim/{opened.number}")
    tokens = [left.token, opened.token, "unknown"]
    door(url, f"/_clock/{demarches.DAYS_TO_OPEN * DAY - 1}")
    states = [one.state for one in demarches.statuses(service, 101, tokens).values()]
    assert states == [State.PREFILLED, State.BROUILLON, State.EXPIRED]
    door(url, "/_clock/1")
    states = [one.state for one in demarches.statuses(service, 101, tokens).values()]
    assert states == [State.EXPIRED, State.BROUILLON, State.EXPIRED]
    assert demarches.statuses(service, 102, [opened.token])[opened.token].state is State.EXPIRED


def test_many_tokens_go_in_several_calls(monkeypatch, service):
    asked = []

    def exchange(service, method, path, *, params):
        asked.append(params["prefill_token"].split(","))
        return []

    monkeypatch.setattr(demarches, "_exchange", exchange)
    tokens = [f"t{rank}" for rank in range(120)]
    assert list(demarches.statuses(service, 101, tokens)) == tokens
    assert [len(some) for some in asked] == [50, 50, 20]
    assert demarches.statuses(service, 101, []) == {}


@pytest.mark.parametrize("token", ["a,b", "", "a b", "a&x=1", "é"])
def test_a_token_is_only_a_token(service, token):
    with pytest.raises(ValueError, match="not a token"):
        demarches.statuses(service, 101, [token])


# --- bad days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["slow", "drip", "truncated", "html", "cut", "401", "403", "429", "500", "503"]
)
def test_every_failure_is_unavailable(url, service, kind):
    door(url, f"/_mood/{kind}")
    hurried = demarches.service(url, timeout=0.3)
    calls = [
        lambda: demarches.schema(hurried, "detr-dsil"),
        lambda: demarches.prefill(hurried, 101, {}),
        lambda: demarches.statuses(hurried, 101, ["abc"]),
        lambda: dossier(server(url, "token", timeout=0.3), 1000),
    ]
    for call in calls:
        with pytest.raises(Unavailable) as raised:
            call()
        assert isinstance(raised.value, Throttled) is (kind == "429")
        assert isinstance(raised.value, Unauthorized) is (kind in {"401", "403"})


def test_a_service_that_is_down():
    with pytest.raises(Unavailable):
        demarches.schema(demarches.service("http://127.0.0.1:9"), "detr-dsil")


PREFILLED = {
    "dossier_url": "http://x.example/commencer/x?prefill_token=abc",
    "state": "prefilled",
    "dossier_number": 1,
    "dossier_prefill_token": "abc",
}


@pytest.mark.parametrize(
    "said",
    [
        *[{}, None, [], "x", 3, [1], [{}]],
        *[
            PREFILLED | {"dossier_url": one}
            for one in ("javascript://x.example/%0aalert(1)", "/x", "http:x", None)
        ],
        *[PREFILLED | {"dossier_prefill_token": one} for one in ("", "a b", None)],
        PREFILLED | {"dossier_number": "x"},
    ],
    ids=str,
)
def test_another_shape_is_unavailable(monkeypatch, service, said):
    monkeypatch.setattr(demarches, "_exchange", lambda *args, **kwargs: said)
    with pytest.raises(Unavailable):
        demarches.prefill(service, 101, {})
    with pytest.raises(Unavailable):
        demarches.schema(service, "x")


@pytest.mark.parametrize(
    "said",
    [
        [PREFILLED | {"state": "autre"}],
        [PREFILLED | {"state": "expired"}],
        [PREFILLED | {"state": "accepte", "processed_at": "2026-01-01"}],
        [PREFILLED | {"state": "accepte", "processed_at": "hier"}],
        [PREFILLED | {"dossier_url": "javascript:alert(1)"}],
    ],
    ids=str,
)
def test_a_status_that_is_not_understood_is_no_status(monkeypatch, service, said):
    monkeypatch.setattr(
        demarches, "_exchange", lambda *args, **kwargs: json.loads(json_bytes(said))
    )
    assert demarches.statuses(service, 101, ["abc"]) == {}
    said.append(said[0] | {"dossier_prefill_token": "other"})
    with pytest.raises(Unavailable):
        demarches.statuses(service, 101, ["abc", "other"])


@pytest.mark.parametrize("said", [{}, None, [1]], ids=str)
def test_statuses_of_another_shape_are_unavailable(monkeypatch, service, said):
    monkeypatch.setattr(
        demarches, "_exchange", lambda *args, **kwargs: json.loads(json_bytes(said))
    )
    with pytest.raises(Unavailable):
        demarches.statuses(service, 101, ["abc"])


def test_a_state_that_came_since_hides_no_other(monkeypatch, service):
    said = [PREFILLED, PREFILLED | {"dossier_prefill_token": "new", "state": "en_attente"}]
    monkeypatch.setattr(demarches, "_exchange", lambda *args, **kwargs: said)
    found = demarches.statuses(service, 101, [PREFILLED["dossier_prefill_token"], "new", "gone"])
    assert {token: one.state.value for token, one in found.items()} == {
        PREFILLED["dossier_prefill_token"]: "prefilled",
        "gone": "expired",
    }


def test_nobody_is_named_in_a_repr():
    found = FiledChamp("Q2hhbXAtMQ==", "Nom", "Durand", prefilled=True)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    filed = Dossier(1, State.ACCEPTE, True, at, at, at, at, "Bravo Durand", "213", (found,))
    assert "Durand" not in repr(filed) + repr(found)
