"""The operator's page: how each outside service is, in words; and « Essayer maintenant »."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from preau.core import clock
from preau.core.models import AuditEvent
from preau.integrations.http import Throttled, Unauthorized, Unavailable
from preau.outside import registry
from preau.outside.calls import FAILURES_TO_PAUSE, calling
from preau.outside.models import ServiceState
from tests.accounts.factories import UserFactory, sign_in

NOW = datetime(2027, 3, 3, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """Only these two: one that the site uses, one that it does not."""
    monkeypatch.setattr(registry, "_services", {})
    _register("essai", "Essai", waiting=lambda: 3)
    _register("autre", "Autre service", on=False, settings=("PREAU_AUTRE_URL",))


def _register(key, name, *, on=True, **given):
    registry.register(
        registry.OutsideService(
            key, name, "Sert à essayer.", "On fait sans.", is_configured=lambda: on, **given
        )
    )


@pytest.fixture
def operator(client):
    sign_in(client, UserFactory(is_operator=True))
    return client


def _fails(times=1, error=None, account="", key="essai"):
    for _ in range(times):
        with pytest.raises(Unavailable), calling(key, account):
            raise error or Unavailable("status 500")


def _page(client, key=""):
    url = reverse("connectors:service", args=[key]) if key else reverse("connectors:services")
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def test_a_service_never_called_and_one_that_is_off(operator):
    page = _page(operator)
    assert "Jamais appelé" in page
    assert "Services que ce site n’utilise pas" in page
    assert "PREAU_AUTRE_URL" in _page(operator, "autre")


def test_nothing_is_configured(operator, monkeypatch):
    monkeypatch.setattr(registry, "_services", {})
    _register("autre", "Autre", on=False)
    assert "Aucun service n’est configuré" in _page(operator)


@pytest.mark.parametrize(
    ("error", "times", "said"),
    [
        (None, 1, "Des échecs"),
        (None, FAILURES_TO_PAUSE, "En pause"),
        (Throttled("status 429", retry_after=60), 1, "Demande d’attendre : trop d’appels"),
        (Unauthorized("status 401"), 1, "Refuse la clé"),
    ],
)
def test_what_fails_is_said_in_words(operator, error, times, said):
    _fails(times, error)
    assert said in _page(operator)
    assert said in _page(operator, "essai")


def test_a_pause_says_until_when_and_a_success_ends_it(operator):
    with clock.frozen(NOW):
        _fails(FAILURES_TO_PAUSE)
        assert "jusqu’à 10 h" in _page(operator)
        assert "En pause" in _page(operator, "essai")
    with clock.frozen(NOW + timedelta(seconds=31)):
        assert "Essai au prochain appel" in _page(operator)
        with calling("essai"):
            pass
        page = _page(operator)
        assert "En service" in page
        assert "mercredi 3 mars 2027" in page


def test_what_waits_is_counted(operator):
    assert "partira quand il répondra" in _page(operator, "essai")


def test_each_account_has_its_line(operator):
    _fails(FAILURES_TO_PAUSE, account="Régie de Voiron")
    with calling("essai", "Régie de Tullins"):
        pass
    assert "1 comptes sur 2 en pause" not in _page(operator)
    assert "1 compte sur 2 en pause" in _page(operator)
    page = _page(operator, "essai")
    assert "Régie de Voiron" in page
    assert "Lever la pause" in page


def test_the_list_asks_as_much_whatever_there_is(operator, django_assert_num_queries):
    counts = []
    for number in (1, 12):
        for one in range(number):
            _fails(2, account=f"compte {one}")
        with django_assert_num_queries(6) as found:
            operator.get(reverse("connectors:services"))
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_try_lifts_the_pause_for_the_next_caller(operator):
    _fails(FAILURES_TO_PAUSE)
    answer = operator.post(reverse("connectors:try", args=["essai"]), follow=True)
    assert "La pause de « Essai » est levée" in answer.content.decode()
    with calling("essai"):
        pass
    assert ServiceState.objects.get().paused_until is None
    assert AuditEvent.objects.filter(verb="outside.try").exists()


def test_a_try_where_nothing_is_paused_says_so(operator):
    answer = operator.post(reverse("connectors:try", args=["essai"]), follow=True)
    assert "n’est pas en pause" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "« Essai » répond."),
        (Unavailable("status 500"), "ne répond pas"),
        (Throttled("status 429", retry_after=9), "répond d’attendre"),
        (Unauthorized("status 401"), "refuse notre clé"),
    ],
)
def test_a_try_asks_once_where_that_is_possible(operator, error, said):
    def trial():
        with calling("essai"):
            if error:
                raise error

    _register("essai", "Essai", trial=trial)
    _fails(FAILURES_TO_PAUSE)
    answer = operator.post(reverse("connectors:try", args=["essai"]), follow=True)
    assert said in answer.content.decode()


def test_the_operator_alone_sees_and_tries(client):
    sign_in(client, UserFactory())
    for name, given in (("services", []), ("service", ["essai"])):
        assert client.get(reverse(f"connectors:{name}", args=given)).status_code == 403
    assert client.post(reverse("connectors:try", args=["essai"])).status_code == 403


def test_the_home_page_says_what_is_paused(operator):
    assert "ne répond pas" not in operator.get("/").content.decode()
    _fails(FAILURES_TO_PAUSE)
    assert "Un service extérieur ne répond pas" in operator.get("/").content.decode()


def test_an_unknown_service_is_not_found(operator):
    assert operator.get(reverse("connectors:service", args=["rien"])).status_code == 404
