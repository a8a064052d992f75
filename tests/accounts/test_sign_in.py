"""Sign-in by code: one flow for every address, no way to learn who has an account."""

import re
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from preau.accounts.models import User
from preau.core import clock
from preau.notifications.models import Email
from tests.accounts.factories import MembershipFactory, UserFactory

LOGIN, CONFIRM = reverse("account_login"), reverse("account_confirm_login_code")


@pytest.fixture(autouse=True)
def _no_attempt_counted_yet(db):
    cache.clear()


def last_code(email):
    subject = Email.objects.filter(recipient=email).latest("pk").subject
    return re.match(r"[\d-]+", subject)[0]


@contextmanager
def travel(**later):
    """The library reads `time.time` itself."""
    shift = timedelta(**later).total_seconds()
    real = time.time
    with patch("time.time", lambda: real() + shift):
        yield


def ask(client, email, onward="/"):
    return client.post(LOGIN, {"email": email, "next": onward})


def test_known_address_signs_in_and_returns_where_it_came_from(client):
    user = UserFactory(email="ana@example.org")
    response = ask(client, "Ana@Example.org", "/aide/")
    assert response.url == f"{CONFIRM}?next=%2Faide%2F"
    page = client.get(response.url)
    assert "ana@example.org" in page.content.decode()
    response = client.post(response.url, {"code": last_code("ana@example.org"), "next": "/aide/"})
    assert (response.status_code, response.url) == (302, "/aide/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_unknown_address_becomes_an_account_once_the_code_is_confirmed(client):
    ask(client, "new@example.org", "/aide/")
    assert not User.objects.filter(email="new@example.org").exists()
    response = client.post(CONFIRM, {"code": last_code("new@example.org"), "next": "/aide/"})
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()
    assert response.url == reverse("accounts:welcome") + "?next=%2Faide%2F"
    form = {"first_name": "Ana", "last_name": "Roux", "phone": "", "next": "/aide/"}
    assert client.post(response.url, form).url == "/aide/"
    assert User.objects.get(pk=user.pk).full_name == "Ana Roux"


def test_the_answers_are_the_same_for_known_and_unknown(client_factory):
    UserFactory(email="known@example.org")
    UserFactory(email="shut@example.org", is_active=False)
    pages, queries = [], []
    for email in ("known@example.org", "other@example.org", "shut@example.org"):
        one = client_factory()
        with CaptureQueriesContext(connection) as counted:
            response = ask(one, email)
        queries.append(len(counted))
        page = one.get(response.url).content.decode().replace(email, "X")
        token = r'(csrfmiddlewaretoken" value=|Référence[^<]*)"[^"]*"'
        pages.append((response.status_code, response.url, re.sub(token, "", page)))
    assert pages[0] == pages[1] == pages[2]
    assert len(set(queries)) == 1, "the same work is done for both"
    assert Email.objects.values("recipient").distinct().count() == 3


def test_a_closed_account_gets_no_session(client):
    UserFactory(email="shut@example.org", is_active=False)
    ask(client, "shut@example.org")
    response = client.post(CONFIRM, {"code": last_code("shut@example.org")})
    assert response.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_wrong_codes_end_the_attempt(client):
    ask(client, "ana@example.org")
    code = last_code("ana@example.org")
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    for _ in range(4):
        assert "pas le bon code" in client.post(CONFIRM, {"code": wrong}).content.decode()
    assert client.post(CONFIRM, {"code": wrong}).url.startswith(LOGIN)
    assert client.post(CONFIRM, {"code": code}).url.startswith(LOGIN)
    assert "_auth_user_id" not in client.session


def test_a_new_code_replaces_the_first(client):
    ask(client, "ana@example.org")
    first = last_code("ana@example.org")
    client.post(CONFIRM, {"resend": "1"})
    second = last_code("ana@example.org")
    assert first != second
    assert client.post(CONFIRM, {"code": first}).status_code == 200
    assert client.post(CONFIRM, {"code": second.replace("-", " ")}).status_code == 302


def test_one_address_gets_few_codes_from_anywhere(client_factory):
    answers = [
        client_factory(REMOTE_ADDR=f"192.0.2.{n}").post(LOGIN, {"email": "ana@example.org"})
        for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [302] * 4 + [200] * 2
    assert "Trop de codes" in answers[-1].content.decode()
    assert Email.objects.count() == 4


def test_one_machine_asks_for_few_codes(client):
    codes = [ask(client, f"p{n}@example.org").status_code for n in range(60)]
    assert codes == [302] * 60
    client.defaults["REMOTE_ADDR"] = "192.0.2.1"  # another machine is not concerned
    assert ask(client, "p60@example.org").status_code == 302
    client.defaults["REMOTE_ADDR"] = "127.0.0.1"
    with travel(minutes=2):
        assert ask(client, "p61@example.org").status_code == 200


def test_too_many_attempts_get_a_page(client):
    for _ in range(60):
        client.post(LOGIN, {"email": "no"})
    response = client.post(LOGIN, {"email": "no"})
    assert response.status_code == 429
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_next_never_leaves_the_site(client, onward):
    UserFactory(email="ana@example.org")
    ask(client, "ana@example.org", onward)
    response = client.post(CONFIRM, {"code": last_code("ana@example.org"), "next": onward})
    assert response.url == "/"


def test_the_hat_last_worn_comes_back(client):
    only = MembershipFactory()
    client.force_login(only.user)
    assert client.session["acting_membership"] == only.pk, "an only organisation is worn by itself"
    client.post(reverse("accounts:switch"), {"membership": ""})
    client.force_login(User.objects.get(pk=only.user_id))
    assert client.session["acting_membership"] is None


def test_an_ended_membership_is_worn_no_more(client):
    only = MembershipFactory()
    client.force_login(only.user)
    only.ended_at = clock.now() - timedelta(days=1)
    only.save()
    response = client.get(reverse("accounts:profile"))
    assert response.wsgi_request.actor.membership is None


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://testserver/gerer/lieux/7/?page=2#bas", "/gerer/lieux/7/?page=2"),
        ("http://ailleurs.example/compte/", "/compte/agir/"),
        ("http://testserver//ailleurs.example/", "/"),
        ("", "/compte/agir/"),
    ],
)
def test_signing_in_again_leads_back_to_the_page_of_the_form(client, came, back):
    answer = client.post("/compte/agir/", headers={"referer": came})
    page = client.get(answer.url).content.decode()
    assert f'name="next" value="{back}"' in page
