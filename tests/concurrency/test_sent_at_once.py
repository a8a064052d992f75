"""One page sent by several clicks at once: the deed is done once, all are led to it."""

import pytest
from django.test import RequestFactory

from preau.core.models import SentForm
from preau.core.once import once
from tests.accounts.factories import UserFactory
from tests.concurrency.race import race

CLICKS = 6


@pytest.mark.django_db(transaction=True)
def test_one_deed_however_many_clicks():
    made = []

    def click(_round):
        def act():
            made.append(UserFactory().pk)
            return f"/fait/{made[-1]}/"

        request = RequestFactory().post("/essai/", {"csrfmiddlewaretoken": "a-page"})
        return once(request, act)["Location"]

    (outcome,) = race([click] * CLICKS)
    assert not outcome.errors
    assert len(made) == 1
    assert outcome.results == [f"/fait/{made[0]}/"] * CLICKS
    assert SentForm.objects.count() == 1
