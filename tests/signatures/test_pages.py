"""The signatory's pages, signed out and without JavaScript: form after form."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from preau.accounts.enums import MembershipRole
from preau.agreements.actions import advancing, rounds
from preau.agreements.signing_enums import RoundState, SignatoryState
from preau.core import clock
from preau.notifications.models import Email, EmailState
from tests.accounts.factories import MembershipFactory, sign_in
from tests.documents.factories import upload
from tests.signatures import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def page(name, token):
    return reverse(f"agreements:{name}", args=[token])


def arrive(client, one, *, code=""):
    """From the letter to being identified."""
    token = factories.token_of(one)
    client.get(page("sign", token))
    client.post(page("sign_send_code", token))
    return token, client.post(
        page("sign_code", token), {"code": code or factories.code_of(one)}, follow=True
    )


def agree(client, one, token):
    shown = client.get(page("sign_consent", token))
    form = shown.context["form"]
    typed = {
        "name": "Ana Martin",
        "capacity": "présidente",
        "empowered": "on",
        "consent": "on",
        "version": form["version"].value(),
        "fingerprint": form["fingerprint"].value(),
    }
    return client.post(page("sign_consent", token), typed)


def test_from_the_letter_to_the_signed_copy(client):
    round_ = factories.open_round()
    one = factories.signatory(round_)
    token, read = arrive(client, one)
    assert "Le document à signer" in read.content.decode()
    assert round_.frozen.sha256 in read.content.decode()
    pdf = client.get(page("sign_file", token))
    assert pdf.content == factories.prepared_pdf(2)
    assert agree(client, one, token).url == page("sign_progress", token)
    waiting = client.get(page("sign_progress", token)).content.decode()
    assert "Votre signature est en cours" in waiting
    assert "Actualiser la page" in waiting
    advancing.advance(round_.pk)
    done = client.get(page("sign_progress", token)).content.decode()
    assert "Vous avez signé" in done
    assert "hx-get" not in done
    assert client.get(page("sign_copy", token)).content.startswith(b"%PDF-")
    one.refresh_from_db()
    assert (one.name, one.capacity) == ("Ana Martin", "présidente")


def test_after_all_signed_the_copy_and_the_proof(client):
    round_ = factories.open_round()
    for position in (1, 2):
        factories.consented(factories.signatory(round_, position))
        advancing.advance(round_.pk)
    token, shown = arrive(client, factories.signatory(round_, 2))
    assert "Convention signée par toutes les parties" in shown.content.decode()
    assert client.get(page("sign_copy", token)).content.startswith(b"%PDF-")
    assert client.get(page("sign_proof", token)).content.startswith(b"%PDF-")


def test_a_get_of_the_link_changes_nothing(client):
    """Mail filters open links: they must not use them up."""
    one = factories.signatory(factories.open_round())
    token = factories.token_of(one)
    for _ in range(3):
        assert "Recevoir mon code" in client.get(page("sign", token)).content.decode()
    assert factories.last_email(one, "code") is None


def test_a_forwarded_link_needs_the_code_sent_to_the_signatory(client):
    one = factories.signatory(factories.open_round())
    token = factories.token_of(one)
    stranger = Client()
    stranger.get(page("sign", token))
    stranger.post(page("sign_send_code", token))
    assert factories.last_email(one, "code").recipient == one.email
    wrong = "000000" if "000" not in factories.code_of(one) else "111112"
    answer = stranger.post(page("sign_code", token), {"code": wrong})
    assert "Ce n’est pas le bon code" in answer.content.decode()
    for name in ("sign_read", "sign_file", "sign_consent", "sign_refuse", "sign_progress",
                 "sign_copy", "sign_proof"):  # fmt: skip
        assert stranger.get(page(name, token)).url == page("sign", token)


def test_a_link_replayed_elsewhere_offers_a_new_one(client):
    one = factories.signatory(factories.open_round())
    token, _ = arrive(client, one)
    elsewhere = Client()
    for name in ("sign_read", "sign_file", "sign_refuse"):
        assert elsewhere.get(page(name, token)).url == page("sign", token)
    assert "Ce lien ne sert plus" in elsewhere.get(page("sign", token)).content.decode()
    answer = elsewhere.post(page("sign_link_again", token), follow=True)
    assert "Un nouveau lien vient de partir" in answer.content.decode()
    letter = factories.last_email(one, "link")
    assert letter.recipient == one.email
    assert factories.token_of(one) != token
    # who is identified here goes on
    assert client.get(page("sign_read", token)).status_code == 200


def test_an_expired_link_offers_a_new_one(client):
    one = factories.signatory(factories.open_round(days=60))
    token = factories.token_of(one)
    with clock.frozen(clock.now() + timedelta(days=14, minutes=1)):
        assert "Ce lien ne sert plus" in client.get(page("sign", token)).content.decode()
        client.post(page("sign_send_code", token))
        assert factories.last_email(one, "code") is None
        client.post(page("sign_link_again", token))
        arrive(client, one)
        one.refresh_from_db()
    assert one.state == SignatoryState.IDENTIFIED


@pytest.mark.parametrize("token", ["x", "abc:def", "WzEsImEiXQ:forged"])
def test_a_forged_link_leads_nowhere(client, token):
    assert client.get(page("sign", token)).status_code == 404


def test_being_identified_lasts_two_hours(client):
    one = factories.signatory(factories.open_round())
    token, _ = arrive(client, one)
    with clock.frozen(clock.now() + timedelta(hours=2, minutes=1)):
        assert client.get(page("sign_read", token)).url == page("sign", token)


def test_another_address_ends_the_present_identification(client):
    one = factories.signatory(factories.open_round())
    token, _ = arrive(client, one)
    rounds.replace_address(one, name="Zoé", email="zoe@example.org", actor=factories.SYSTEM)
    assert client.get(page("sign_read", token)).url == page("sign", token)
    arrive(Client(), factories.signatory(one.round))  # the other person is identified
    assert client.get(page("sign_read", token)).url == page("sign", token)


def test_another_person_at_the_same_address_is_identified_anew(client):
    one = factories.signatory(factories.open_round())
    arrive(client, one)
    rounds.replace_address(one, name="Zoé", email=one.email, actor=factories.SYSTEM)
    token = factories.token_of(one)
    assert "Recevoir mon code" in client.get(page("sign", token)).content.decode()


def test_the_boxes_are_not_ticked_and_must_be(client):
    one = factories.signatory(factories.open_round())
    token, _ = arrive(client, one)
    client.post(page("sign_read", token))
    shown = client.get(page("sign_consent", token))
    assert "checked" not in shown.content.decode()
    form = shown.context["form"]
    typed = {
        "name": "Ana",
        "capacity": "présidente",
        "version": form["version"].value(),
        "fingerprint": form["fingerprint"].value(),
    }
    answer = client.post(page("sign_consent", token), typed)
    assert set(answer.context["form"].errors) == {"empowered", "consent"}
    one.refresh_from_db()
    assert one.state == SignatoryState.IDENTIFIED


def test_the_sentence_kept_is_the_sentence_shown(client):
    one = factories.signatory(factories.open_round())
    token, _ = arrive(client, one)
    client.post(page("sign_read", token))
    shown = client.get(page("sign_consent", token))
    agree(client, one, token)
    one.refresh_from_db()
    assert one.consent_text == shown.context["form"].fields["consent"].label


def test_refusing_says_why_and_ends(client):
    round_ = factories.open_round()
    one = factories.signatory(round_)
    token, _ = arrive(client, one)
    assert (
        "Ce renseignement"
        in client.post(page("sign_refuse", token), {"reason": ""}).content.decode()
    )
    client.post(page("sign_refuse", token), {"reason": "Dates fausses."})
    shown = client.get(page("sign_progress", token)).content.decode()
    assert "La signature est arrêtée" in shown
    round_.refresh_from_db()
    assert round_.state == RoundState.REFUSED


def test_codes_are_limited(client):
    one = factories.signatory(factories.open_round())
    token = factories.token_of(one)
    for _ in range(6):
        client.post(page("sign_send_code", token))
    sent = Email.objects.filter(cause__startswith=f"signatory:{one.pk}:code")
    assert sent.count() == 4


# --- The manager


@pytest.fixture
def manager(client):
    def enter(round_, role=MembershipRole.MANAGER):
        membership = MembershipFactory(organization=round_.agreement.owner, role=role)
        return sign_in(client, membership.user, membership)

    return enter


def test_the_manager_sees_what_waits_and_acts(manager):
    round_ = factories.open_round()
    one = factories.signatory(round_)
    Email.objects.filter(pk=factories.last_email(one).pk).update(state=EmailState.FAILED)
    client = manager(round_)
    listed = client.get(reverse("agreements:waiting")).content.decode()
    assert round_.agreement.number in listed
    assert "Courriel non remis" in listed
    shown = client.get(reverse("agreements:round", args=[round_.pk])).content.decode()
    assert "n’a pas pu être remis" in shown
    client.post(reverse("agreements:send_link", args=[one.pk]))
    assert factories.last_email(one, "link")
    address = {"name": "Zoé", "email": "zoe@example.org"}
    client.post(reverse("agreements:address", args=[one.pk]), address)
    one.refresh_from_db()
    assert one.email == "zoe@example.org"


def test_the_home_page_leads_to_what_waits(manager):
    round_ = factories.open_round()
    home = manager(round_).get("/").content.decode()
    assert "1\u00a0convention à faire signer" in home
    assert reverse("agreements:waiting") in home


def test_signed_on_paper_is_said_everywhere(manager, client):
    round_ = factories.open_round()
    client = manager(round_)
    today = clock.today(round_.agreement.place.zone)
    url = reverse("agreements:paper", args=[round_.pk])
    late = client.post(
        url, {"signed_on": (today + timedelta(days=1)).isoformat(), "scan": upload()}
    )
    assert "dans le futur" in late.content.decode()
    client.post(url, {"signed_on": today.isoformat(), "scan": upload()})
    round_.refresh_from_db()
    assert (round_.state, round_.on_paper) == (RoundState.DONE, True)
    assert round_.agreement.state == "signee"
    assert round_.outcome.expires_on == round_.agreement.ends_on
    shown = client.get(reverse("agreements:round", args=[round_.pk])).content.decode()
    assert shown.count("Signé sur papier") == 2
    assert "ni signature électronique ni dossier de preuve" in shown
    assert not hasattr(round_, "evidence")


def test_a_paper_that_is_not_one_is_refused(manager):
    round_ = factories.open_round()
    client = manager(round_)
    today = clock.today(round_.agreement.place.zone).isoformat()
    url = reverse("agreements:paper", args=[round_.pk])
    answer = client.post(url, {"signed_on": today, "scan": upload(b"MZ\x00 not a pdf")})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    round_.refresh_from_db()
    assert round_.state == RoundState.OPEN
