"""Signing in with ProConnect and FranceConnect, at true OpenID providers."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from preau.accounts.models import Identity, User
from preau.notifications.models import Email
from preau.outside.models import ServiceState
from tests.accounts import providers
from tests.accounts.factories import UserFactory, sign_in
from tests.accounts.test_sign_in import travel

LOGIN, LINK = reverse("account_login"), reverse("identity_link")
LEA, ANA = "pc-lea-martin", "fc-ana-roux"
ADDRESS = {LEA: "lea.martin@grenoble.example", ANA: "ana.roux@courriel.example"}


@pytest.fixture(scope="module")
def issuers():
    with providers.running() as found:
        yield found


@pytest.fixture(autouse=True)
def _configured(db, settings, issuers):
    cache.clear()
    providers.configure(settings, issuers)


@pytest.fixture
def browser():
    return providers.Browser()


def key_of(sub):
    return "proconnect" if sub.startswith("pc") else "franceconnect"


def leave(client, key, onward="/aide/"):
    return client.get(reverse("identity_leave", args=[key]), {"next": onward}).url


def come(client, browser, sub, key="", onward="/aide/"):
    """All the way there and back; the answer of the site."""
    return client.get(browser.answer(leave(client, key or key_of(sub), onward), sub))


def enter_by_code(client, email, onward=LINK):
    asked = client.post(LOGIN, {"email": email, "next": onward})
    code = re.match(r"[\d-]+", Email.objects.filter(recipient=email).latest("pk").subject)[0]
    return client.post(asked.url, {"code": code, "next": onward})


def known(sub, **fields):
    """A person whom this identity opens the account of."""
    user = UserFactory(**fields)
    return Identity.objects.create(user=user, provider=key_of(sub), sub=sub).user


def is_in(client, user=None):
    found = client.session.get("_auth_user_id")
    return found == str(user.pk) if user else found is not None


def said(client, response):
    """The page where a refusal leads, as text."""
    return client.get(response.url).content.decode()


def test_an_agent_nobody_knew_gets_an_account_from_what_proconnect_says(client, browser):
    response = come(client, browser, LEA)
    assert response.url == reverse("accounts:employer") + "?next=%2Faide%2F"
    user = User.objects.get()
    assert (user.full_name, user.email) == ("Léa Martin", ADDRESS[LEA])
    identity = user.identities.get()
    assert (identity.provider, identity.sub) == ("proconnect", LEA)
    assert identity.siret == "21380185500015"
    assert is_in(client, user)
    assert "21380185500015" in said(client, response)


def test_she_comes_back_straight_to_where_she_was_going(client, browser):
    user = known(LEA)
    before = client.session.session_key
    assert come(client, browser, LEA).url == "/aide/"
    assert is_in(client, user)
    assert client.session.session_key != before, "the session rotates"
    assert user.identities.get().siret == "21380185500015"
    page = client.get(reverse("accounts:sessions")).content.decode()
    assert "Cette session" in page, "it is listed among hers"


def test_what_is_asked_of_each_provider(client):
    asked = parse_qs(urlsplit(leave(client, "proconnect")).query)
    assert asked["scope"] == ["openid given_name usual_name email siret idp_id"]
    assert '"essential":true' in asked["claims"][0]
    assert "acr_values" not in asked
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 32 <= len(asked["nonce"][0])
    asked = parse_qs(urlsplit(leave(client, "franceconnect")).query)
    assert asked["scope"] == ["openid given_name family_name email"]
    assert asked["acr_values"] == ["eidas1"]


def test_a_resident_proves_her_address_once(client, browser):
    """FranceConnect's address was typed by somebody: alone, it opens and creates nothing."""
    response = come(client, browser, ANA)
    assert response.url == LINK
    assert not User.objects.exists()
    page = client.get(LINK).content.decode()
    assert ADDRESS[ANA] in page
    assert enter_by_code(client, ADDRESS[ANA]).url == LINK
    assert not Identity.objects.exists(), "a GET and a code link nothing"
    assert "Relier à mon compte" in client.get(LINK).content.decode()
    assert client.post(LINK).url == "/aide/"
    user = User.objects.get()
    assert user.full_name == "Ana Marie Roux"
    assert user.identities.get().sub == ANA
    other = Client()
    assert come(other, providers.Browser(), ANA).url == "/aide/"
    assert is_in(other, user)


@pytest.mark.parametrize("sub", [LEA, ANA])
def test_an_account_with_the_same_address_is_not_taken_over(client, browser, sub):
    user = UserFactory(email=ADDRESS[sub])
    assert come(client, browser, sub).url == LINK
    assert not is_in(client)
    client.post(LINK)
    assert not user.identities.exists(), "nothing is linked without a proof of the account"
    enter_by_code(client, ADDRESS[sub])
    assert client.post(LINK).status_code == 302
    assert user.identities.get().sub == sub
    assert User.objects.count() == 1
    assert Email.objects.filter(recipient=user.email, subject__contains="ouvre maintenant").exists()


def test_the_page_of_a_resident_says_nothing_of_who_has_an_account(client, browser):
    come(client, browser, ANA)
    page = client.get(LINK).content.decode()
    UserFactory(email=ADDRESS[ANA])
    token = r'(csrfmiddlewaretoken" value=|Référence[^<]*)"[^"]*"'
    assert re.sub(token, "", page) == re.sub(token, "", client.get(LINK).content.decode())


def test_a_resident_without_an_address_gives_one(client, browser):
    come(client, browser, "fc-sans-adresse")
    assert 'name="email" value=""' in client.get(LINK).content.decode()
    enter_by_code(client, "paul@example.org")
    client.post(LINK)
    assert User.objects.get().identities.get().sub == "fc-sans-adresse"


def test_two_providers_with_one_sub_are_two_people(client, browser):
    """Seen elsewhere: one account, taken over by whoever had the same `sub` next door."""
    come(client, browser, "shared-sub", "proconnect")
    ines = User.objects.get()
    other = Client()
    response = come(other, providers.Browser(), "shared-sub", "franceconnect")
    assert response.url == LINK
    assert not is_in(other)
    assert (ines.full_name, User.objects.get().full_name) == ("Inès Faure", "Inès Faure")


def test_linking_from_the_account_needs_a_fresh_proof(client, browser):
    user = UserFactory()
    sign_in(client, user)  # a session open for a while: no proof in it
    assert come(client, browser, ANA).url == LINK
    assert "Prouvez que ce compte" in client.get(LINK).content.decode()
    assert client.post(LINK).url == LINK
    assert not is_in(client), "signed out, to prove it again"
    assert not Identity.objects.exists()
    enter_by_code(client, user.email)
    client.post(LINK)
    assert user.identities.get().sub == ANA


def test_a_proof_gets_old(client, browser):
    user = UserFactory()
    enter_by_code(client, user.email, "/")
    back = browser.answer(leave(client, "franceconnect"), ANA)
    with travel(minutes=16):
        assert client.get(back).url == LINK
        client.post(LINK)
    assert not Identity.objects.exists()


def test_what_is_held_may_be_given_up(client, browser):
    come(client, browser, ANA)
    assert client.post(LINK, {"cancel": "1"}).url == "/aide/"
    assert client.get(LINK).url == LOGIN


def test_an_identity_of_somebody_else_opens_nothing_here(client, browser):
    other = known(ANA)
    user = UserFactory()
    sign_in(client, user)
    response = come(client, browser, ANA)
    assert response.url == reverse("accounts:profile")
    assert "ouvre un autre compte" in said(client, response)
    assert is_in(client, user)
    assert Identity.objects.get().user == other


def test_an_identity_linked_meanwhile_is_not_moved(client, browser):
    user = UserFactory()
    enter_by_code(client, user.email, "/")
    come(client, browser, ANA)
    other = known(ANA)
    response = client.post(LINK)
    assert "ouvre déjà un autre compte" in said(client, response)
    assert Identity.objects.get().user == other


# --- What a callback may try ---------------------------------------------------------------------


def refused(client, response, sentence="plus valable"):
    assert response.status_code == 302
    assert urlsplit(response.url).path == LOGIN
    assert sentence in said(client, response)
    assert not is_in(client)
    assert "Recevoir un code" in said(client, response), "the other ways in are there"


def test_an_answer_serves_once(client, browser):
    known(LEA)
    back = browser.answer(leave(client, "proconnect"), LEA)
    client.get(back)
    assert is_in(client)
    client.post(reverse("account_logout"))
    refused(client, client.get(back))


def test_an_answer_serves_where_it_was_asked(client, browser):
    """Somebody sends me theirs, to have me sign in as them, or me to them mine."""
    known(LEA)
    other = Client()
    refused(other, other.get(browser.answer(leave(client, "proconnect"), LEA)))


def test_a_wrong_state_is_refused(client, browser):
    known(LEA)
    back = browser.answer(leave(client, "proconnect"), LEA)
    refused(client, client.get(back.replace("state=", "state=x")))


def test_a_code_of_another_request_is_refused(client, browser):
    """PKCE: a code is good with the secret of the request that it answers."""
    known(LEA)
    first = parse_qs(urlsplit(browser.answer(leave(client, "proconnect"), LEA)).query)
    second = browser.answer(leave(client, "proconnect"), LEA)
    code = parse_qs(urlsplit(second).query)["code"][0]
    refused(client, client.get(second.replace(code, first["code"][0])))


def test_the_answer_of_one_provider_is_not_taken_by_the_other(client, browser):
    known(LEA)
    back = browser.answer(leave(client, "proconnect"), LEA)
    refused(client, client.get(back.replace("/proconnect/", "/franceconnect/")))
    refused(client, client.get(back), "plus valable")


def test_a_code_swapped_between_providers_is_refused(client, browser):
    known(LEA)
    theirs = parse_qs(urlsplit(browser.answer(leave(client, "proconnect"), LEA)).query)
    ours = parse_qs(urlsplit(leave(client, "franceconnect")).query)
    query = {"code": theirs["code"][0], "state": ours["state"][0]}
    refused(client, client.get(reverse("identity_return", args=["franceconnect"]), query))


def test_the_issuer_that_the_answer_names_is_checked(client, browser):
    known(LEA)
    back = browser.answer(leave(client, "proconnect"), LEA)
    assert "iss=" in back
    refused(client, client.get(back.replace("iss=", "iss=x")))


def test_an_answer_comes_within_minutes(client, browser, monkeypatch):
    known(LEA)
    back = browser.answer(leave(client, "proconnect"), LEA)
    session = client.session
    for attempt in session["identity_attempts"].values():
        attempt["at"] -= timedelta(minutes=16).total_seconds()
    session.save()
    refused(client, client.get(back))


def test_whoever_gives_up_there_is_told_so(client, browser):
    refused(client, come(client, browser, "", "proconnect"), "pas terminé")


def test_too_low_a_level_is_refused(client, browser):
    known("pc-autodeclare")
    refused(client, come(client, browser, "pc-autodeclare"), "niveau de sécurité")


def test_the_wrong_secret_is_the_operators_to_mend(client, browser, settings, issuers):
    known(LEA)
    providers.configure(settings, issuers, client_secret="wrong")
    refused(client, come(client, browser, LEA), "ne répond pas correctement")
    assert ServiceState.objects.get(service="proconnect").paused_until
    response = client.get(reverse("identity_leave", args=["proconnect"]), {"next": "/aide/"})
    refused(client, response, "ne répond pas correctement")
    assert 'name="next" value="/aide/"' in said(client, response), "the way on is kept"


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_led_off_the_site(client, browser, onward):
    known(LEA)
    assert come(client, browser, LEA, onward=onward).url == "/"


def test_a_closed_account_stays_closed(client, browser):
    known(LEA, is_active=False)
    assert come(client, browser, LEA).url == reverse("account_inactive")
    assert not is_in(client)


def test_attempts_are_counted(client):
    for _ in range(60):
        client.get(reverse("identity_return", args=["proconnect"]))
    assert client.get(reverse("identity_return", args=["proconnect"])).status_code == 429


def test_few_attempts_are_kept(client):
    for _ in range(8):
        leave(client, "proconnect")
    assert len(client.session["identity_attempts"]) == 5


# --- Leaving, unlinking, closing -----------------------------------------------------------------


def test_signing_out_ends_the_session_there_too(client, browser):
    known(LEA)
    come(client, browser, LEA)
    response = client.post(reverse("account_logout"))
    assert not is_in(client)
    page = response.content.decode()
    [url] = re.findall(r'content="0; url=([^"]+)"', page)
    back = browser.answer(url.replace("&amp;", "&"), "")
    assert urlsplit(back).path == reverse("identity_signed_out", args=["proconnect"])
    assert "déconnecté de Préau et de ProConnect" in said(client, client.get(back))
    silent = browser.answer(leave(client, "proconnect") + "&prompt=none", "")
    assert "error=login_required" in silent, "over there too, nobody is signed in"


def test_whoever_came_by_code_signs_out_here_alone(client):
    user = known(LEA)
    enter_by_code(client, user.email, "/")
    assert client.post(reverse("account_logout")).url == "/"


def test_the_last_way_in_that_served_is_kept(client, browser):
    user = known(LEA)
    come(client, browser, LEA)
    address = reverse("accounts:unlink", args=[user.identities.get().pk])
    page = client.post(address).content.decode()
    assert "seule façon d’entrer" in page
    assert user.identities.exists()
    client.post(reverse("account_logout"))
    enter_by_code(client, user.email, "/")
    assert client.post(address).url == reverse("accounts:profile")
    assert not user.identities.exists()


def test_nobody_unlinks_for_somebody_else(client):
    user = known(LEA)
    sign_in(client, UserFactory())
    address = reverse("accounts:unlink", args=[user.identities.get().pk])
    assert client.post(address).status_code == 403
    assert user.identities.exists()


def test_closing_the_account_forgets_the_identity(client, browser):
    user = known(LEA)
    come(client, browser, LEA)
    client.post(reverse("accounts:close"))
    user.refresh_from_db()
    assert not user.is_active
    assert not Identity.objects.exists()


def test_off_until_configured(client, settings, issuers):
    providers.configure(settings, issuers, client_secret="")
    assert "ProConnect" not in client.get(LOGIN).content.decode()
    assert client.get(reverse("identity_leave", args=["proconnect"])).status_code == 404
    assert client.get(reverse("identity_leave", args=["nobody"])).status_code == 404


def test_a_stand_in_is_marked_and_never_serves_in_production(client, settings):
    page = client.get(LOGIN, {"next": "/aide/"}).content.decode()
    assert page.count("Démonstration") == 2
    assert "S’identifier avec ProConnect" in page
    assert "Qu’est-ce que FranceConnect ?" in page
    assert "/connexion/proconnect/?next=/aide/" in page
    settings.IS_PRODUCTION = True
    assert "ProConnect" not in client.get(LOGIN).content.decode()
