"""Dossiers as agents see them: pages, rights, errors that come with HTTP 200."""

from datetime import UTC, datetime, timedelta

import pytest

from preau.integrations import demarches
from preau.integrations.demarches import graphql
from preau.integrations.demarches.states import DECIDED, State
from preau.integrations.http import (
    Rejected,
    Service,
    Throttled,
    Unauthorized,
    Unavailable,
    json_bytes,
)
from tests.integrations.misbehaving import door, running

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def url():
    with running("fakes.demarches") as address:
        yield address


@pytest.fixture
def agent(url):
    door(url, "/_reset")
    with graphql.server(url, "token", timeout=5) as opened:
        yield opened


@pytest.fixture
def filed(url, agent):
    """Makes dossiers, one hour apart, and files them."""

    def make(count):
        numbers = []
        for _ in range(count):
            numbers.append(demarches.prefill(demarches.service(url), 101, {}).number)
            door(url, "/_clock/3600")
            door(url, f"/_file/{numbers[-1]}")
        return numbers

    return make


def pages(agent, **asked):
    found, after = [], None
    while True:
        page = graphql.dossiers(agent, 101, after=after, **asked)
        found.append([one.number for one in page.dossiers])
        after = page.after
        if after is None:
            return found


def test_a_draft_is_never_there(url, agent):
    made = demarches.prefill(demarches.service(url), 101, {})
    door(url, f"/_claim/{made.number}")
    with pytest.raises(graphql.NotFound):
        graphql.dossier(agent, made.number)
    assert pages(agent) == [[]]


def test_a_dossier_says_its_dates(url, agent, filed):
    (number,) = filed(1)
    door(url, f"/_agent/{number}/en_instruction")
    door(url, "/_clock/3600")
    door(url, f"/_agent/{number}/refuse")
    found = graphql.dossier(agent, number)
    assert (found.state, found.siret, found.prefilled) == (State.REFUSE, "21380563500010", True)
    hours = [found.filed_at, found.instruction_at, found.processed_at, found.changed_at]
    assert [(one - START) / timedelta(hours=1) for one in hours] == [1, 1, 2, 2]
    assert len(found.champs) == 20


def test_pages_hold_every_dossier_once(agent, filed):
    numbers = filed(7)
    found = pages(agent, first=3)
    assert [len(some) for some in found] == [3, 3, 1]
    assert [one for some in found for one in some] == numbers
    assert pages(agent, first=7) == [numbers]


def test_only_what_changed_since(url, agent, filed):
    numbers = filed(3)
    since = START + timedelta(hours=2)
    assert pages(agent, since=since) == [numbers[1:]]
    door(url, f"/_agent/{numbers[0]}/en_instruction")
    assert pages(agent, state=State.EN_INSTRUCTION) == [numbers[:1]]
    with pytest.raises(ValueError, match="time zone"):
        graphql.dossiers(agent, 101, since=datetime(2026, 1, 1))


def test_champs_are_read_only_when_asked_for(agent, filed):
    filed(1)
    (without,) = graphql.dossiers(agent, 101).dossiers
    (having,) = graphql.dossiers(agent, 101, champs=True).dossiers
    assert (len(without.champs), len(having.champs)) == (0, 20)


def test_a_token_of_another_demarche_and_none(url, filed):
    (number,) = filed(1)
    for token in ("other", "wrong"):
        with graphql.server(url, token) as other:
            for call in (lambda: graphql.dossier(other, number), lambda: pages(other)):
                with pytest.raises(Unauthorized) as raised:
                    call()
                assert token not in str(raised.value) + repr(other)
    said = json_bytes({"query": "{ demarche(number: 101) { title } }"})
    with pytest.raises(Unauthorized):
        Service(url).send("POST", "/api/v2/graphql", content=said)


def test_what_is_not_there(agent):
    with pytest.raises(graphql.NotFound):
        graphql.dossiers(agent, 999)
    with pytest.raises(Rejected, match="400"):
        graphql._ask(agent, "getNothing", {})


def test_a_query_too_long_says_so(url, agent, filed):
    filed(1)
    door(url, "/_slow_query")
    with pytest.raises(graphql.TooLong):
        pages(agent)
    assert len(pages(agent)) == 1


def test_four_hundred_queries_in_a_minute(url, agent):
    for _ in range(400):
        graphql.dossiers(agent, 101)
    with pytest.raises(Throttled) as raised:
        graphql.dossiers(agent, 101)
    assert raised.value.retry_after == 60
    door(url, "/_clock/60")
    graphql.dossiers(agent, 101)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        {"data": None},
        {"data": {"dossier": None, "demarche": None}},
        {"errors": [{"message": "Internal Server Error"}], "data": None},
        {"errors": "x"},
        {"errors": [{"extensions": None}]},
        {"data": {"dossier": {"number": 1, "state": "brouillon"}}},
    ],
    ids=str,
)
def test_what_is_not_understood_is_unavailable(monkeypatch, said):
    answered(monkeypatch, said)
    service = graphql.server("http://x.example", "token")
    for call in (lambda: graphql.dossier(service, 1), lambda: graphql.dossiers(service, 101)):
        with pytest.raises(Unavailable) as raised:
            call()
        assert not isinstance(raised.value, Unauthorized)


NODE = {
    **{"number": 1, "state": "accepte", "prefilled": True, "motivation": None},
    **{"dateDepot": None, "datePassageEnInstruction": None, "dateTraitement": None},
    **{"dateDerniereModification": "2026-03-02T08:00:00+01:00", "champs": []},
}
CHAMP = {"champDescriptorId": "Q2hhbXAtMQ==", "label": "x", "stringValue": "", "prefilled": None}


@pytest.mark.parametrize(
    "more",
    [
        {"state": "brouillon"},
        {"state": "prefilled"},
        {"dateDerniereModification": None},
        {"dateDepot": "2026-03-02T08:00:00"},
        {"champs": [CHAMP]},
    ],
    ids=str,
)
def test_a_dossier_that_is_not_understood_is_none(monkeypatch, more):
    service = graphql.server("http://x.example", "token")
    answered(monkeypatch, {"data": {"dossier": NODE}})
    assert graphql.dossier(service, 1).state is State.ACCEPTE
    answered(monkeypatch, {"data": {"dossier": NODE | more}})
    with pytest.raises(Unavailable):
        graphql.dossier(service, 1)


def test_in_a_page_it_hides_no_other(monkeypatch):
    service = graphql.server("http://x.example", "token")
    nodes = [NODE | {"number": 2, "state": "en_attente"}, NODE]
    found = {"nodes": nodes, "pageInfo": {"hasNextPage": True, "endCursor": "z"}}
    answered(monkeypatch, {"data": {"demarche": {"dossiers": found}}})
    page = graphql.dossiers(service, 101)
    assert ([one.number for one in page.dossiers], page.after, page.strange) == ([1], "z", ("2",))


def test_alone_it_is_no_failure_of_the_service(monkeypatch):
    """Asked for what changed since yesterday, it is often the only one."""
    service = graphql.server("http://x.example", "token")
    nodes = [NODE | {"number": 2, "state": "en_attente"}]
    found = {"nodes": nodes, "pageInfo": {"hasNextPage": False}}
    answered(monkeypatch, {"data": {"demarche": {"dossiers": found}}})
    page = graphql.dossiers(service, 101)
    assert (page.dossiers, page.strange) == ((), ("2",))
    nodes.append(nodes[0] | {"number": 3})
    with pytest.raises(Unavailable):
        graphql.dossiers(service, 101)


def test_a_field_renamed_is_another_language(monkeypatch):
    service = graphql.server("http://x.example", "token")
    changed = {("etat" if name == "state" else name): said for name, said in NODE.items()}
    nodes = [changed | {"number": number} for number in (1, 2)]
    found = {"nodes": nodes, "pageInfo": {"hasNextPage": False}}
    answered(monkeypatch, {"data": {"demarche": {"dossiers": found}}})
    with pytest.raises(Unavailable):
        graphql.dossiers(service, 101)


@pytest.mark.parametrize("node", [{}, None, "dossier", {"id": 2}], ids=str)
def test_dossiers_without_even_a_number_are_another_language(monkeypatch, node):
    service = graphql.server("http://x.example", "token")
    nodes = [node, node]
    found = {"nodes": nodes, "pageInfo": {"hasNextPage": False}}
    answered(monkeypatch, {"data": {"demarche": {"dossiers": found}}})
    with pytest.raises(Unavailable):
        graphql.dossiers(service, 101)
    nodes.append(NODE)
    assert graphql.dossiers(service, 101).strange == ("?", "?")


def answered(monkeypatch, said):
    class Answered:
        @staticmethod
        def json():
            return said

    monkeypatch.setattr(Service, "send", lambda *args, **kwargs: Answered)


def test_an_error_beside_some_data_is_an_error(monkeypatch):
    error = {"message": "hidden", "extensions": {"code": "unauthorized"}}
    answered(monkeypatch, {"data": {"demarche": {"dossiers": {"nodes": []}}}, "errors": [error]})
    with pytest.raises(Unauthorized):
        graphql.dossiers(graphql.server("http://x.example", "token"), 101)


def test_the_same_page_for_ever_is_a_failure(monkeypatch):
    info = {"hasNextPage": True, "endCursor": "Mw=="}
    answered(monkeypatch, {"data": {"demarche": {"dossiers": {"nodes": [], "pageInfo": info}}}})
    service = graphql.server("http://x.example", "token")
    assert graphql.dossiers(service, 101).after == "Mw=="
    with pytest.raises(Unavailable):
        graphql.dossiers(service, 101, after="Mw==")


# --- states -----------------------------------------------------------------------------------


def test_the_machine_of_the_fake_is_ours(url, agent, filed):
    for before in [State.EN_CONSTRUCTION, State.EN_INSTRUCTION, *sorted(DECIDED)]:
        for after in [State.EN_CONSTRUCTION, State.EN_INSTRUCTION, *sorted(DECIDED)]:
            (number,) = filed(1)
            path = [State.EN_INSTRUCTION] if before.is_decided else []
            for state in [*path, *([] if before is State.EN_CONSTRUCTION else [before])]:
                door(url, f"/_agent/{number}/{state}")
            try:
                door(url, f"/_agent/{number}/{after}")
            except OSError:
                assert after not in before.nexts
            else:
                assert after in before.nexts


def test_steps_lead_forward_and_back():
    assert State.PREFILLED.may_become(State.ACCEPTE)
    assert State.ACCEPTE.may_become(State.REFUSE)
    assert State.SANS_SUITE.may_become(State.EN_CONSTRUCTION)
    assert not State.EN_CONSTRUCTION.may_become(State.BROUILLON)
    assert not State.EXPIRED.may_become(State.PREFILLED)
    assert all(state.may_become(state) for state in State)
    assert {state for state in State if state.is_filed} == DECIDED | {
        State.EN_CONSTRUCTION,
        State.EN_INSTRUCTION,
    }
