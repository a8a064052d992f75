"""The town's office, what the holder owes it, a try, an entry and an incident."""

from functools import cached_property

from preau.accounts.actors import SYSTEM, Actor
from preau.payments.actions import dues, money
from preau.payments.enums import Means, OfficeMode, OperationState, Provider
from tests.payments.factories import OfficeFactory, ask, operation, pay


class PaymentsWorld:
    """Added to `samples.World`."""

    @cached_property
    def office(self):
        return OfficeFactory(organization=self.town, is_default=False)

    @cached_property
    def due(self):
        return ask(self.office, user=self.people["holder"][0], place=self.place)

    @cached_property
    def operation(self):
        return operation(self.due, state=OperationState.WAITING)

    @cached_property
    def trial_operation(self):
        office = OfficeFactory(organization=self.town, is_default=False, mode=OfficeMode.TEST)
        due = ask(office, user=self.people["holder"][0], place=self.place)
        return operation(due, provider=Provider.TEST)

    @cached_property
    def counter_entry(self):
        clerk = Actor(*self.people["manager"])
        return money.record_at_counter(self.due, cents=1000, means=Means.CASH, actor=clerk)

    @cached_property
    def incident(self):
        due = ask(self.office, source="test:gone", user=self.people["holder"][0], place=self.place)
        pay(due)
        return dues.drop("test:gone", actor=SYSTEM).incidents.get()


PAYMENTS_SAMPLES_BY_ARGUMENT = {
    "office_id": lambda world: world.office.pk,
    "due_key": lambda world: world.due.key,
    "operation_key": lambda world: world.operation.key,
    "trial_key": lambda world: world.trial_operation.key,
    "entry_key": lambda world: world.counter_entry.key,
    "incident_key": lambda world: world.incident.key,
}
