"""Tokens and endpoints, made by the real actions, and a client that shows a token."""

import itertools
import json

from django.test import Client

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.api.actions import tokens, webhooks
from preau.api.enums import EventType, Scope
from tests.accounts.factories import MembershipFactory, OrganizationFactory

_keys = itertools.count(1)


def administrator(organization=None):
    """Who acts for an organisation they administer."""
    organization = organization or OrganizationFactory(verified=True)
    membership = MembershipFactory(organization=organization, role=MembershipRole.ADMINISTRATOR)
    return Actor(user=membership.user, membership=membership)


def token_of(actor, *scopes, days=30, name="Agenda"):
    """The row and the token; every scope unless told."""
    return tokens.create(
        actor.organization, actor=actor, name=name, scopes=scopes or list(Scope), days=days
    )


def endpoint_of(actor, *events, url="https://programme.example/preau"):
    """The row and its secret; every event unless told."""
    events = events or [one for one in EventType if one != EventType.PING]
    return webhooks.create(actor.organization, actor=actor, url=url, events=events)


class Api:
    """Calls of one program."""

    def __init__(self, token="", client=None):
        self.client = client or Client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path, body=None, *, key=None, **headers):
        key = key or f"cle-de-test-{next(_keys)}"
        return self.client.post(
            f"/api/v1/{path}",
            data=json.dumps({} if body is None else body),
            content_type="application/json",
            headers={**self.headers, "Idempotency-Key": key, **headers},
        )


def api_of(actor, *scopes):
    return Api(token_of(actor, *scopes)[1])


def occasion(**fields):
    """What a booking asks, besides the slot."""
    return {
        "purpose": "Répétition de la chorale",
        "attendance": 12,
        "contact_name": "Camille Martin",
        "contact_phone": "04 76 00 00 00",
        "accepts_rules": True,
    } | fields


def slot(space, period, **fields):
    return occasion(
        space_id=space.pk, start=period.start.isoformat(), end=period.end.isoformat(), **fields
    )
