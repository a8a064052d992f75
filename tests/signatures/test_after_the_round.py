"""What becomes of the documents once a round is over."""

from datetime import timedelta

import pytest

from preau.accounts.actors import SYSTEM
from preau.agreements.actions import advancing, drawing, rounds, signing
from preau.core import clock
from tests.signatures import factories
from tests.signatures.factories import HERE

pytestmark = pytest.mark.django_db


def test_what_was_to_sign_leaves_once_the_round_is_over():
    signed, refused, expired = (factories.open_round() for _ in range(3))
    cancelled = factories.open_round()
    to_sign = {one.pk: one.agreement.document for one in (signed, refused, expired, cancelled)}
    for position in (1, 2):
        factories.consented(factories.signatory(signed, position))
        advancing.advance(signed.pk)
    one = factories.identified(factories.signatory(refused))
    signing.refuse(one, reason="Trop cher.", actor=SYSTEM, trace=HERE)
    drawing.cancel_agreement(cancelled.agreement, "Travaux.", actor=SYSTEM)
    with clock.frozen(clock.now() + timedelta(days=21)):
        assert rounds.expire_round(expired.pk)
    for round_ in (signed, refused, expired, cancelled):
        document = to_sign[round_.pk]
        document.refresh_from_db()
        round_.refresh_from_db()
        assert document.removed_at is not None
        kept = round_.agreement.document
        assert kept == (round_.outcome if round_ == signed else None)
    assert signed.outcome.removed_at is None


def test_an_agreement_cancelled_after_it_was_signed_keeps_its_document():
    round_ = factories.open_round()
    for position in (1, 2):
        factories.consented(factories.signatory(round_, position))
        advancing.advance(round_.pk)
    round_.refresh_from_db()
    drawing.cancel_agreement(round_.agreement, "Travaux.", actor=SYSTEM)
    round_.refresh_from_db()
    assert round_.agreement.document == round_.outcome
    assert round_.outcome.removed_at is None
