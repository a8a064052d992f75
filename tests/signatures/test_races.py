"""People and workers at the same instant: one signature each, in order."""

import pytest
from django.db import connection
from django.test import Client

from preau.agreements.actions import advancing, outcome, signing
from preau.agreements.consent import CURRENT
from preau.agreements.signing_enums import RoundState, SignatoryState
from preau.agreements.traces import chain_of
from preau.core.errors import Refusal
from preau.documents import journal
from preau.documents.models import JournalEntry
from tests.concurrency.race import race
from tests.signatures import factories
from tests.signatures.factories import HERE
from tests.signatures.test_pages import arrive, page

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def told(round_, kind):
    entries = JournalEntry.objects.filter(chain=chain_of(round_.agreement_id))
    return entries.filter(kind=f"signature.{kind}").count()


def test_two_posts_of_the_consent_make_one_signature():
    """The same browser sends the form twice at the same instant."""
    round_ = factories.open_round()
    one = factories.signatory(round_)
    client = Client()
    token, _ = arrive(client, one)
    client.post(page("sign_read", token))
    twin = Client()
    twin.cookies = client.cookies
    shown = client.get(page("sign_consent", token)).context["form"]
    fingerprint = shown["fingerprint"].value()

    def send(who):
        typed = {
            "name": "Ana",
            "capacity": "présidente",
            "empowered": "on",
            "consent": "on",
            "version": CURRENT,
            "fingerprint": fingerprint,
        }
        return lambda _: who.post(page("sign_consent", token), typed).status_code

    (result,) = race([send(client), send(twin)])
    assert result.results == [302, 302]
    assert told(round_, "consented") == 1
    factories.work(round_)
    assert told(round_, "signed") == 1


def test_eight_consents_at_once_are_one():
    round_ = factories.open_round()
    one = factories.identified(factories.signatory(round_))
    signing.opened(one, "pdf", trace=HERE)

    def consent(_):
        signing.give_consent(
            one,
            name="Ana",
            capacity="présidente",
            version=CURRENT,
            fingerprint=round_.revision.sha256,
            trace=HERE,
        )

    (result,) = race([consent] * 8)
    assert len(result.errors) == 7
    assert {type(error) for error in result.errors} == {Refusal}
    assert told(round_, "consented") == 1


def test_four_workers_make_one_signature():
    """Without the queue's own lock: the second to finish finds the round moved on."""
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    (result,) = race([lambda _: advancing.advance(round_.pk)] * 4)
    assert result.errors == []
    assert told(round_, "signed") == 1
    assert told(round_, "invited") == 2
    factories.consented(factories.signatory(round_, 2))
    (result,) = race([lambda _: advancing.advance(round_.pk)] * 3)
    # Whoever ends the proof second may find that the journal grew: tried again, nothing to do.
    assert {type(error) for error in result.errors} <= {advancing.ProofOutrun}
    factories.work(round_)
    round_.refresh_from_db()
    assert round_.state == RoundState.DONE
    assert [told(round_, kind) for kind in ("signed", "sealed", "proved")] == [2, 1, 1]
    assert journal.verify(chain_of(round_.agreement_id)) is None


def test_two_signatories_at_the_same_second_sign_in_order():
    """The second tries everything while the first signs."""
    round_ = factories.open_round()
    first = factories.identified(factories.signatory(round_))
    signing.opened(first, "pdf", trace=HERE)
    second = factories.signatory(round_, 2)

    def sign_first(_):
        signing.give_consent(
            first,
            name="Ana",
            capacity="présidente",
            version=CURRENT,
            fingerprint=round_.revision.sha256,
            trace=HERE,
        )
        advancing.advance(round_.pk)

    def jump_the_queue(_):
        signing.send_code(second, trace=HERE)

    (result,) = race([sign_first, jump_the_queue, jump_the_queue])
    assert all(isinstance(error, Refusal) for error in result.errors)
    factories.consented(factories.signatory(round_, 2))
    factories.work(round_)
    order = JournalEntry.objects.filter(kind="signature.signed").order_by("seq")
    assert [entry.data["position"] for entry in order] == [1, 2]


def test_a_code_tried_twelve_times_at_once_has_five_tries():
    one = factories.signatory(factories.open_round())
    signing.send_code(one, trace=HERE)
    token, right = factories.token_of(one), factories.code_of(one)
    wrong = "000000" if "000" not in right else "111112"
    (result,) = race([lambda _: signing.identify(one, token, wrong, trace=HERE)] * 12)
    codes = sorted(error.code for error in result.errors)
    assert codes == ["code_over"] * 7 + ["wrong_code"] * 5


def test_a_code_given_twice_at_once_identifies_once():
    round_ = factories.open_round()
    one = factories.signatory(round_)
    signing.send_code(one, trace=HERE)
    token, right = factories.token_of(one), factories.code_of(one)
    (result,) = race([lambda _: signing.identify(one, token, right, trace=HERE)] * 6)
    assert len(result.errors) == 5
    assert told(round_, "identified") == 1


def test_refusing_while_consenting_leaves_one_of_both():
    round_ = factories.open_round()
    one = factories.identified(factories.signatory(round_))
    signing.opened(one, "pdf", trace=HERE)

    def consent(_):
        signing.give_consent(
            one,
            name="Ana",
            capacity="présidente",
            version=CURRENT,
            fingerprint=round_.revision.sha256,
            trace=HERE,
        )

    def refuse(_):
        signing.refuse(one, reason="non", actor=factories.SYSTEM, trace=HERE)

    (result,) = race([consent, refuse])
    assert len(result.errors) == 1
    assert told(round_, "consented") + told(round_, "refused") == 1
    assert factories.signatory(round_).state in {SignatoryState.CONSENTED, SignatoryState.REFUSED}


def test_the_lock_is_what_keeps_consents_apart(monkeypatch):
    """Negative control: without the row locks, more than one of eight passes the check."""
    from preau.agreements.models import SignatureRound

    def unlocked(round_id):
        found = SignatureRound.objects.select_related("agreement__place", "revision", "frozen")
        return found.get(pk=round_id)

    monkeypatch.setattr(signing, "locked", unlocked)
    monkeypatch.setattr(outcome, "defer_advance", lambda _: connection.cursor().close())
    passed = 0
    for _ in range(5):
        round_ = factories.open_round()
        one = factories.identified(factories.signatory(round_))
        signing.opened(one, "pdf", trace=HERE)

        def consent(_, one=one, round_=round_):
            signing.give_consent(
                one,
                name="Ana",
                capacity="présidente",
                version=CURRENT,
                fingerprint=round_.revision.sha256,
                trace=HERE,
            )

        (result,) = race([consent] * 8)
        passed = max(passed, 8 - len(result.errors))
    assert passed > 1
