"""What pages cost beside services on a bad day, at the real limits: `python -m bench outside`.

No test of the suite (nothing there is timed): pytest runs it when it is named.
"""

import statistics
import time

import pytest
from django.test import Client
from django.urls import reverse

from bench.figures import figure
from preau.outside.models import ServiceState
from tests.accounts.factories import UserFactory, sign_in
from tests.outside.bad_days import ROWS
from tests.outside.test_bad_days import calls, on, service

__all__ = ["service"]  # pytest looks for it here
OPENINGS = 9
#: Milliseconds that a page may take whatever the services do, and a click that asks one.
PAGE, CLICK = 1_000, 3_500


def _spent(act):
    """Milliseconds."""
    began = time.perf_counter()
    assert act().status_code == 200
    return (time.perf_counter() - began) * 1000


def _opened(client, url):
    return statistics.median(_spent(lambda: client.get(url)) for _ in range(OPENINGS))


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_what_a_page_costs(row, client, service, settings, monkeypatch):
    one, name = row(settings, monkeypatch), f"outside.{row.__name__}"
    one.signed_in(client)
    operator = sign_in(Client(), UserFactory(is_operator=True))
    state = reverse("connectors:services")
    _opened(client, one.page)  # its templates are read
    _opened(operator, state)
    well, state_well = _opened(client, one.page), _opened(operator, state)
    ill, states, asked = {}, {}, {}
    for day in one.days:
        ServiceState.objects.all().delete()
        one.again()
        with on(day, service) as url:
            one.at(url)
            asked[day] = _spent(lambda: one.use(client))
            before = calls(service)
            ill[day], states[day] = _opened(client, one.page), _opened(operator, state)
            assert calls(service) == before
    kinds = {"page": (well, ill), "state": (state_well, states)}
    for kind, (good, bad) in kinds.items():
        figure(f"{name}.{kind}.well", good, "ms")
        figure(f"{name}.{kind}.ill.most", max(bad.values()), "ms")
        figure(f"{name}.{kind}.ratio", max(bad.values()) / good, "times")
    what = "click" if one.on_click else "task"
    figure(f"{name}.{what}.most", max(asked.values()), "ms")
    figure(f"{name}.{what}.usual", statistics.median(asked.values()), "ms")
    assert max(*ill.values(), *states.values()) < PAGE
    assert not one.on_click or max(asked.values()) < CLICK
