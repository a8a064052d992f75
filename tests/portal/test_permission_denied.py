import logging
import sys

import pytest
from django.conf import settings

from preau.accounts.actors import Actor
from preau.accounts.enums import Role
from preau.accounts.perms import MATRIX, Denied, Scope
from preau.core.logs import RefusalsInOneLine
from preau.portal.errors import permission_denied
from tests.accounts.factories import MembershipFactory

pytestmark = pytest.mark.django_db


class Thing:
    def __init__(self, organization_id):
        self.permission_scope = Scope(organization_id=organization_id)


def test_offers_the_memberships_that_open_the_page(rf, monkeypatch):
    monkeypatch.setitem(MATRIX, "thing.see", frozenset({Role.MEMBER}))
    right = MembershipFactory()
    other = MembershipFactory(user=right.user)
    request = rf.get("/chose/")
    request.user, request.actor = right.user, Actor(right.user, other)
    response = permission_denied(request, Denied("thing.see", Thing(right.organization_id)))
    html = response.content.decode()
    assert response.status_code == 403
    offers = html[html.index("Cette page s’ouvre") :]
    assert str(right.organization) in offers
    assert str(other.organization) not in offers.split("</ul>")[0]


def test_the_log_has_one_line_of_a_refusal_and_all_of_a_fault():
    handler = logging.Handler()
    handler.addFilter(RefusalsInOneLine())
    said = []
    handler.emit = said.append
    for status in (403, 500):
        try:
            raise ValueError
        except ValueError:
            record = logging.LogRecord("django.request", 30, "", 1, "", (), sys.exc_info())
        record.status_code = status
        handler.handle(record)
    assert [bool(one.exc_info) for one in said] == [False, True]
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["refusals"]
