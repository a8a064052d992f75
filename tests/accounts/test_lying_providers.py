"""A provider that is down, slow or lying: nobody enters, and one sentence says how to."""

import subprocess
import sys
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.urls import reverse

from preau.accounts.models import Identity, User
from preau.integrations import oidc
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.outside.enums import Trouble
from preau.outside.models import ServiceFailure, ServiceState
from tests.accounts.factories import UserFactory

BACK = "https://preau.example/connexion/proconnect/retour/"
LIES = {
    **dict.fromkeys(
        [
            "none",
            "hs256",
            "hs256_public",
            "wrong_signature",
            "unknown_key",
            "garbage",
            "wrong_iss",
            "wrong_aud",
            "wrong_azp",
            "wrong_nonce",
            "no_nonce",
            "odd_nonce",
            "expired",
            "no_exp",
            "no_sub",
            "userinfo_none",
            "userinfo_signature",
            "userinfo_aud",
            "userinfo_expired",
            "userinfo_other",
            "jwks_empty",
            "jwks_odd",
        ],
        oidc.Untrusted,
    ),
    **dict.fromkeys(
        [
            "no_id_token",
            "token_html",
            "token_truncated",
            "token_500",
            "token_302",
            "userinfo_plain",
            "userinfo_html",
            "userinfo_500",
            "userinfo_400",
            "jwks_html",
            "jwks_truncated",
            "jwks_404",
            "jwks_500",
        ],
        Unavailable,
    ),
    **dict.fromkeys(["token_429", "userinfo_429", "jwks_429"], Throttled),
    **dict.fromkeys(["token_401", "userinfo_401", "jwks_403"], Unauthorized),
    **dict.fromkeys(["no_acr", "low_acr"], oidc.LevelTooLow),
    "used_code": Rejected,
}


@pytest.fixture(scope="module")
def liar():
    process = subprocess.Popen(
        [sys.executable, "-m", "fakes.oidc_liar"],
        cwd=site.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}/api/v2"
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def tell(liar):
    def lie(kind):
        door = f"{liar.removesuffix('/api/v2')}/_lie/{kind}"
        with urllib.request.urlopen(urllib.request.Request(door, method="POST"), timeout=5):
            pass

    yield lie
    lie("honest")


@pytest.fixture
def provider(liar):
    return oidc.Provider(liar, "preau-liar", "secret-of-the-liar", "openid", ("eidas1",))


def redeem(provider, **changes):
    attempt = oidc.new_attempt()
    return oidc.redeem(provider, attempt, code=attempt.nonce, redirect_uri=BACK, **changes)


def test_honest(provider, tell):
    tell("honest")
    person = redeem(provider)
    assert (person.sub, person.first_name, person.last_name) == ("liar-1", "Léa", "Martin")
    assert (person.siret, person.level) == ("21380185500015", "eidas1")
    assert "Martin" not in repr(person)
    assert "secret" not in repr(provider)


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_has_its_name(provider, tell, lie):
    tell(lie)
    with pytest.raises((Rejected, Unavailable)) as caught:
        redeem(provider)
    assert type(caught.value) is LIES[lie]


@pytest.mark.parametrize("where", ["token", "jwks", "userinfo"])
def test_nobody_waits_longer_than_said(provider, tell, where):
    tell(f"{where}_slow")
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        redeem(provider, timeout=0.3)
    assert time.monotonic() - begun < 2


# --- Through the site ----------------------------------------------------------------------------


@pytest.fixture
def come(db, settings, client, liar):
    """Leave for the liar and come back at once; the answer of the site."""
    cache.clear()
    settings.PROCONNECT = {
        "issuer": liar,
        "client_id": "preau-liar",
        "client_secret": "secret-of-the-liar",
        "levels": ["eidas1"],
    }

    def there_and_back():
        left = client.get(reverse("identity_leave", args=["proconnect"]), {"next": "/aide/"})
        query = {name: values[0] for name, values in parse_qs(urlsplit(left.url).query).items()}
        if "nonce" not in query:
            return left
        answer = {"code": query["nonce"], "state": query["state"]}
        return client.get(reverse("identity_return", args=["proconnect"]), answer)

    return there_and_back


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_opens_a_session(client, come, tell, lie):
    Identity.objects.create(user=UserFactory(), provider="proconnect", sub="liar-1")
    tell(lie)
    response = come()
    assert urlsplit(response.url).path == reverse("account_login")
    assert "_auth_user_id" not in client.session
    page = client.get(response.url).content.decode()
    assert (
        page.count("ProConnect ne répond pas")
        + page.count("n’est plus valable")
        + page.count("un niveau de sécurité trop bas")
        == 1
    )
    assert "Recevoir un code" in page
    assert 'value="/aide/"' in page
    assert User.objects.count() == 1


def test_the_operator_sees_what_failed_and_nobody_is_named(come, tell):
    for lie in ("token_500", "wrong_signature", "token_401"):
        tell(lie)
        come()
        ServiceState.objects.update(paused_until=None)
    troubles = list(ServiceFailure.objects.order_by("pk").values_list("trouble", "what"))
    assert [one[0] for one in troubles] == [Trouble.DOWN, Trouble.DOWN, Trouble.UNAUTHORIZED]
    assert "Léa" not in str(troubles)


def test_once_paused_nobody_leaves_for_nothing_and_then_it_works_again(client, come, tell):
    tell("token_500")
    for _ in range(4):
        come()
    tell("honest")
    begun = time.monotonic()
    response = come()
    assert time.monotonic() - begun < 1
    assert urlsplit(response.url).path == reverse("account_login")
    ServiceState.objects.update(paused_until=None)
    come()
    assert "_auth_user_id" in client.session


def test_what_people_try_pauses_nothing(come, tell):
    """Whoever sends old codes, or lowers the level asked, must not close the door to others."""
    for lie in ("used_code", "low_acr") * 3:
        tell(lie)
        come()
    assert ServiceState.objects.get(service="proconnect").failures == 0
