"""What the signature service answers on its bad days, over real connections."""

import pytest

from preau.integrations import signature_provider
from preau.integrations.http import Throttled, Unauthorized, Unavailable
from tests.integrations.misbehaving import door, running


@pytest.fixture(scope="module")
def url():
    with running("fakes.geocoder") as address:  # any server: what it serves is not asked
        yield address


def client(url):
    return signature_provider.Client(url, "a-key", timeout=0.3)


@pytest.mark.parametrize("act", ["get", "activate", "download"])
def test_an_answer_that_drips_is_left_when_its_time_is_over(url, act):
    """Two seconds of it, never 0.3 without a byte."""
    door(url, "/_mood/drip")
    with pytest.raises(Unavailable, match="too slow"):
        getattr(client(url), act)("one")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("html", Unavailable),
        ("truncated", Unavailable),
        ("500", Unavailable),
        ("401", Unauthorized),
        ("429", Throttled),
        ("slow?seconds=0", Unavailable),  # {}: neither what is listed nor what is made
    ],
)
def test_another_answer_is_the_service_being_away(url, kind, error):
    door(url, f"/_mood/{kind}")
    for ask in (
        lambda: client(url).find("ours"),
        lambda: client(url).add_document("one", b"%PDF-", "a.pdf"),
        lambda: client(url).get("one"),
        lambda: client(url).download("one"),
    ):
        with pytest.raises(error):
            ask()


def test_a_refusal_tells_the_call_and_nothing_sent(url):
    door(url, "/_mood/422")
    with pytest.raises(signature_provider.Refused) as no:
        client(url).cancel("one", "Mme Œuvrard ne vient pas")
    assert str(no.value) == "status 422 for POST /signature_requests/one/cancel"
