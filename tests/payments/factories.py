"""Offices, sums due and tries at a provider."""

from itertools import count

import factory
from factory.django import DjangoModelFactory

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.core import clock
from preau.payments.actions import dues, money
from preau.payments.actions.dues import Line, Payer
from preau.payments.enums import LineKind, Means, OfficeMode, OperationState, Provider
from preau.payments.models import CollectingOffice, Operation
from preau.payments.providers.results import Outcome, Result
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory

_numbers = count(1)


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = CollectingOffice

    organization = factory.SubFactory(OrganizationFactory, verified=True)
    name = "Régie des salles"
    mode = OfficeMode.REGIE
    is_default = True
    numcli = "090909"
    counter_means = factory.LazyFunction(lambda: [Means.CASH, Means.CHEQUE, Means.TRANSFER])


def clerk_of(office, role=MembershipRole.MANAGER):
    membership = MembershipFactory(organization=office.organization, role=role)
    return Actor(membership.user, membership)


def hire(cents, label="Salle des Tilleuls"):
    return Line(LineKind.HIRE, label, cents)


def ask(office, *lines, source="", user=None, **given):
    """A sum due, of 50 € unless told otherwise."""
    if user is None and "payer" not in given:
        user = UserFactory()
    known = {
        "source": source or f"test:{next(_numbers)}",
        "office": office,
        "label": "Salle des Tilleuls, jeudi 12 mars",
        "payer": Payer(str(user), user, email=user.email) if user else None,
        "lines": lines or [hire(5000)],
        "due_by": None,
        "actor": SYSTEM,
    }
    return dues.ask(**(known | given))


def operation(due, **given):
    """One under way at PayFiP."""
    number = next(_numbers)
    known = {
        "due": due,
        "office": due.office,
        "provider": Provider.PAYFIP,
        "remote_id": f"idop-{number}",
        "reference": f"T{number:010d}",
        "cents": due.left_cents or 5000,
        "state": OperationState.WAITING,
        "check_at": clock.now(),
    }
    return Operation.objects.create(**(known | given))


def paid(cents, code="P", means=Means.CARD):
    return Result(Outcome.PAID, code, means, cents)


def pay(due, cents=None):
    """Pay it online, whole unless told otherwise."""
    one = operation(due, cents=cents or due.left_cents)
    return money.settle(one, paid(one.cents))
