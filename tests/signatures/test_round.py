"""A round from the invitation to the sealed agreement, and every way it can end."""

import hashlib
import io
import json
from datetime import timedelta

import pypdf
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from preau.accounts.actors import SYSTEM
from preau.agreements.actions import advancing, rounds, signing
from preau.agreements.consent import CURRENT
from preau.agreements.enums import AgreementState
from preau.agreements.events import agreement_changed
from preau.agreements.models import Signatory
from preau.agreements.signing_enums import RoundState, SignatoryState
from preau.agreements.traces import chain_of
from preau.core import clock
from preau.core.errors import Refusal
from preau.documents import journal, store, verification
from preau.documents.models import JournalEntry
from preau.documents.timestamps import TimestampUnavailable
from preau.notifications.actions import outbox
from preau.notifications.models import Email
from tests.documents.factories import by_hand
from tests.signatures import factories
from tests.signatures.factories import HERE

pytestmark = pytest.mark.django_db


def kinds(round_):
    chain = chain_of(round_.agreement_id)
    return [
        kind.removeprefix("signature.")
        for kind in JournalEntry.objects.filter(chain=chain)
        .order_by("seq")
        .values_list("kind", flat=True)
    ]


def test_two_sign_then_the_seal_and_the_proof():
    heard = []

    def listen(agreement, actor, **_):
        heard.append(agreement.state)

    agreement_changed.connect(listen)
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_, 1))
    advancing.advance(round_.pk)
    factories.consented(factories.signatory(round_, 2))
    advancing.advance(round_.pk)
    agreement_changed.disconnect(listen)

    round_.refresh_from_db()
    assert round_.state == RoundState.DONE
    assert round_.agreement.state == AgreementState.SIGNED
    assert heard == [AgreementState.SIGNED]
    assert round_.agreement.document_id == round_.outcome_id
    report = verification.verify(store.read(round_.outcome.file))
    assert report.authentic, report
    assert journal.verify(chain_of(round_.agreement_id)) is None
    assert kinds(round_) == [
        "opened", "invited", "code_sent", "identified", "document_opened", "consented", "signed",
        "invited", "code_sent", "identified", "document_opened", "consented", "signed",
        "sealed", "proved",
    ]  # fmt: skip
    proof = json.loads(store.read(round_.evidence.data.file))
    assert [one["step"] for one in proof["revisions"]] == [
        "frozen", "signature-1", "signature-2", "final",
    ]  # fmt: skip
    assert proof["signatories"][0]["email"] == "s***@example.org"
    assert "signataire1@example.org" not in json.dumps(proof)
    assert proof["events"][2]["email"] == "s***@example.org"
    _holds_digests_alone(proof, round_)
    for document in _kept(round_):
        assert document.expires_on == round_.agreement.ends_on
    assert round_.agreement.number in proof["signatories"][0]["consent"]["text"]
    assert Email.objects.filter(subject__startswith="Signée par tous").count() == 2


def _kept(round_):
    proof = round_.evidence
    return [round_.outcome, proof.page, proof.data, proof.signature]


def _holds_digests_alone(proof, round_):
    """No name, machine or address in the events; their digests are those of the journal."""
    events = json.dumps(proof["events"], ensure_ascii=False)
    for word in ("192.0.2.7", "Firefox", "Camille", "signataire1"):
        assert word not in events
    assert "192.0.2.7" not in json.dumps(proof)
    assert "Firefox" not in json.dumps(proof)
    page = pypdf.PdfReader(io.BytesIO(store.read(round_.evidence.page.file)))
    text = "".join(one.extract_text() for one in page.pages)
    assert len(page.pages) == 1
    assert "192.0.2.7" not in text
    assert "empreinte salée" in " ".join(text.split())
    lines = JournalEntry.objects.filter(chain=proof["journal"]["chain"]).order_by("seq")
    for event, line in zip(proof["events"], lines, strict=False):
        assert event["private"] == line.private_hash
        chained = {key: event[key] for key in ("seq", "at", "kind", "data", "private", "prev")}
        chained["chain"] = proof["journal"]["chain"]
        assert hashlib.sha256(journal.canonical(chained)).hexdigest() == event["hash"]


def test_nothing_personal_enters_the_chain():
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    text = json.dumps([entry.data for entry in JournalEntry.objects.all()])
    for word in ("example.org", "Camille", "192.0.2.7", "Firefox"):
        assert word not in text


def test_five_sign_in_order():
    round_ = factories.open_round(signatories=5)
    for position in range(1, 6):
        waiting = round_.signatories.filter(state=SignatoryState.WAITING).count()
        assert waiting == 5 - position
        factories.consented(factories.signatory(round_, position))
        advancing.advance(round_.pk)
    round_.refresh_from_db()
    assert round_.state == RoundState.DONE


@pytest.mark.parametrize("number", [1, 6])
def test_two_to_five_signatories(number):
    one = factories.agreement()
    people = (factories.wanted(5) + factories.wanted(5))[:number]
    with pytest.raises(Refusal, match="2 parties au moins"):
        rounds.plan_round(one, people, deadline=clock.now() + timedelta(days=3), actor=SYSTEM)


# --- In turn, by the database itself


@pytest.mark.parametrize("state", [SignatoryState.INVITED, SignatoryState.REFUSED])
def test_the_database_refuses_who_acts_before_their_turn(state):
    round_ = factories.open_round()
    second = round_.signatories.filter(position=2)
    facts = {"invited_at": clock.now()}
    if state == SignatoryState.REFUSED:
        facts |= {"refused_at": clock.now(), "reason": "non"}
    with pytest.raises(IntegrityError, match="before their turn"), transaction.atomic():
        second.update(state=state, **facts)


def test_the_database_keeps_a_signature():
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    advancing.advance(round_.pk)
    first = Signatory.objects.filter(round=round_, position=1)
    for change in ({"name": "Autre"}, {"email": "autre@example.org"}, {"consent_text": "rien"}):
        with pytest.raises(IntegrityError, match="has signed"), transaction.atomic():
            first.update(**change)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        first.delete()


def test_the_database_keeps_the_frozen_file():
    round_ = factories.open_round()
    other = store.put(b"%PDF-1.7 autre", "application/pdf", actor=SYSTEM)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        type(round_).objects.filter(pk=round_.pk).update(frozen=other)


def test_the_second_cannot_act_before_the_first_has_signed():
    round_ = factories.open_round()
    second = factories.signatory(round_, 2)
    with pytest.raises(Refusal) as no:
        signing.send_code(second, trace=HERE)
    assert no.value.code == "not_their_turn"
    with pytest.raises(Refusal) as no:
        rounds.send_link_again(second, actor=SYSTEM)
    assert no.value.code == "not_their_turn"


# --- The code


def test_a_code_guessed_six_times():
    round_ = factories.open_round()
    one = factories.signatory(round_)
    signing.send_code(one, trace=HERE)
    right = factories.code_of(one)
    wrong = "000 000" if "000" not in right else "111 112"
    codes = []
    for _ in range(6):
        with pytest.raises(Refusal) as no:
            signing.identify(one, factories.token_of(one), wrong, trace=HERE)
        codes.append(no.value.code)
    assert codes == ["wrong_code"] * 5 + ["code_over"]
    with pytest.raises(Refusal) as no:  # even the right one
        signing.identify(one, factories.token_of(one), right, trace=HERE)
    assert no.value.code == "code_over"
    assert kinds(round_).count("code_failed") == 5
    factories.identified(one)
    assert one.state == SignatoryState.IDENTIFIED


def test_a_code_serves_once_and_ten_minutes():
    one = factories.signatory(factories.open_round())
    signing.send_code(one, trace=HERE)
    token, code = factories.token_of(one), factories.code_of(one)
    with clock.frozen(clock.now() + timedelta(minutes=10, seconds=1)):
        with pytest.raises(Refusal) as no:
            signing.identify(one, token, code, trace=HERE)
        assert no.value.code == "code_over"
    signing.identify(one, token, code, trace=HERE)
    with pytest.raises(Refusal) as no:  # replayed: the link is used up
        signing.identify(one, token, code, trace=HERE)
    assert no.value.code == "link_over"


def test_a_new_code_ends_the_previous():
    one = factories.signatory(factories.open_round())
    signing.send_code(one, trace=HERE)
    first = factories.code_of(one)
    signing.send_code(one, trace=HERE)
    if factories.code_of(one) != first:
        with pytest.raises(Refusal):
            signing.identify(one, factories.token_of(one), first, trace=HERE)


def test_a_code_sent_leaves_nothing_in_the_outbox():
    one = factories.signatory(factories.open_round())
    signing.send_code(one, trace=HERE)
    email, digits = factories.last_email(one, "code"), factories.code_of(one)
    assert digits not in email.subject
    link = factories.last_email(one, "invited")
    for letter in (email, link):
        outbox.deliver(letter.pk)
        letter.refresh_from_db()
    assert digits in mail.outbox[0].body
    assert (email.state, email.text, email.html) == ("sent", "", "")
    assert link.text


def test_the_code_is_kept_as_a_digest():
    one = factories.signatory(factories.open_round())
    signing.send_code(one, trace=HERE)
    one.refresh_from_db()
    digits = "".join(filter(str.isdigit, factories.code_of(one)))
    assert digits not in one.code_digest
    assert factories.token_of(one) not in one.link_digest


# --- Consent


def test_no_consent_without_reading():
    one = factories.identified(factories.signatory(factories.open_round()))
    with pytest.raises(Refusal) as no:
        _consent(one)
    assert no.value.code == "not_read"


def test_no_consent_to_another_file():
    one = factories.identified(factories.signatory(factories.open_round()))
    signing.opened(one, "text", trace=HERE)
    with pytest.raises(Refusal) as no:
        _consent(one, fingerprint="0" * 64)
    assert no.value.code == "another_file"


def test_a_second_consent_is_refused_and_changes_nothing():
    round_ = factories.open_round()
    one = factories.consented(factories.signatory(round_))
    with pytest.raises(Refusal) as no:
        _consent(one)
    assert no.value.code == "already_done"
    assert kinds(round_).count("consented") == 1
    assert ProcrastinateJob.objects.filter(task_name="agreements.advance_round").count() == 1


def _consent(one, **given):
    facts = {"fingerprint": one.round.revision.sha256} | given
    signing.give_consent(
        one, name="Ana", capacity="présidente", version=CURRENT, trace=HERE, **facts
    )


# --- Other ends


def test_a_refusal_ends_the_round_for_all():
    round_ = factories.open_round()
    one = factories.identified(factories.signatory(round_))
    signing.refuse(one, reason="Le loyer n’est pas celui convenu.", actor=SYSTEM, trace=HERE)
    round_.refresh_from_db()
    assert round_.state == RoundState.REFUSED
    assert round_.agreement.state == AgreementState.REFUSED
    assert kinds(round_)[-1] == "refused"
    with pytest.raises(Refusal):
        signing.refuse(one, reason="encore", actor=SYSTEM, trace=HERE)


def test_a_deadline_ends_the_round():
    round_ = factories.open_round(days=5)
    assert not rounds.expire_round(round_.pk)
    with clock.frozen(clock.now() + timedelta(days=5, minutes=1)):
        assert rounds.expire_round(round_.pk)
        assert not rounds.expire_round(round_.pk)
    round_.refresh_from_db()
    assert round_.state == RoundState.EXPIRED
    assert round_.agreement.state == AgreementState.EXPIRED


def test_who_consented_in_time_is_signed_for_first(monkeypatch):
    round_ = factories.open_round(days=5)
    factories.consented(factories.signatory(round_))
    with clock.frozen(clock.now() + timedelta(days=5, minutes=1)):
        assert not rounds.expire_round(round_.pk)
        advancing.advance(round_.pk)
        assert factories.signatory(round_).state == SignatoryState.SIGNED
        assert rounds.expire_round(round_.pk)


def test_reminders_come_twice():
    round_ = factories.open_round(days=20)
    one = factories.signatory(round_)
    start, sent = clock.now(), []
    for day in range(21):
        with clock.frozen(start + timedelta(days=day, hours=1)):
            if rounds.remind(one.pk):
                sent.append(day)
    assert sent == [3, 18]


def test_the_address_is_replaced_before_the_consent_only():
    round_ = factories.open_round()
    one = factories.identified(factories.signatory(round_))
    old = factories.token_of(one)
    rounds.replace_address(one, name="Zoé Petit", email="ZOE@example.org", actor=SYSTEM)
    one = factories.signatory(round_)
    assert (one.email, one.state) == ("zoe@example.org", SignatoryState.INVITED)
    assert factories.token_of(one) != old
    assert one.identified_at is None
    factories.consented(one)
    with pytest.raises(Refusal) as no:
        rounds.replace_address(one, name="X", email="x@example.org", actor=SYSTEM)
    assert no.value.code == "too_late"


# --- The time-stamp authority


def test_without_a_time_stamp_nothing_is_signed(monkeypatch):
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))

    def silent(*_, **__):
        raise TimestampUnavailable("down")

    with monkeypatch.context() as broken:
        broken.setattr("preau.documents.sealing.sign", silent)
        for _ in range(2):
            with pytest.raises(TimestampUnavailable):
                advancing.advance(round_.pk)
    round_.refresh_from_db()
    assert round_.held_up_since is not None
    assert factories.signatory(round_).state == SignatoryState.CONSENTED
    assert "signed" not in kinds(round_)
    advancing.advance(round_.pk)
    round_.refresh_from_db()
    assert round_.held_up_since is None
    assert factories.signatory(round_).state == SignatoryState.SIGNED


# --- The journal


def test_tampering_with_one_row_is_located():
    round_ = factories.open_round()
    factories.consented(factories.signatory(round_))
    chain = chain_of(round_.agreement_id)
    assert journal.verify(chain) is None
    by_hand(
        "UPDATE documents_journalentry SET data = jsonb_set(data, '{round}', '7')"
        " WHERE chain = %s AND seq = 4",
        chain,
    )
    assert journal.verify(chain) == 4
