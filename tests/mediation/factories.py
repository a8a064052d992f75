"""Places that receive people, and what their mediators write."""

import uuid
from datetime import timedelta

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.directory.actions.following import follow_place
from preau.mediation.actions import agenda, following, visits
from preau.mediation.actions.agenda import Wanted
from preau.mediation.actions.visits import Seen
from preau.mediation.enums import Consent, EventKind, Theme
from tests.accounts.factories import MembershipFactory


def hand_of(organization, role=MembershipRole.MEMBER):
    membership = MembershipFactory(organization=organization, role=role)
    return Actor(membership.user, membership)


def sheet_of(place):
    return follow_place(place)


def visit(sheet, actor, **given):
    known = {"day": clock.today(sheet.zone), "themes": [Theme.RIGHTS], "token": uuid.uuid4()}
    return visits.count(sheet, Seen(**(known | given)), actor=actor)


def file_of(sheet, actor, **given):
    known = {
        "name": "Madame D.",
        "contact": "06 00 00 00 00",
        "theme": Theme.RIGHTS,
        "consent": Consent.PAPER,
        "consented_on": clock.today(sheet.zone),
    }
    return following.open_file(sheet, actor=actor, **(known | given))


def event(sheet, actor, *, announce=True, **given):
    known = {
        "kind": EventKind.WORKSHOP,
        "title": "Réparer son vélo",
        "day": clock.today(sheet.zone) + timedelta(days=3),
        "start_minute": 18 * 60,
        "end_minute": 20 * 60,
    }
    return agenda.write(sheet, Wanted(**(known | given)), actor=actor, announce=announce)
