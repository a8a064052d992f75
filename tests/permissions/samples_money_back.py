"""What follows money: a refund, a deposit with its photo, a receipt; the holder's, at the town's."""

from functools import cached_property

from preau.accounts.actors import SYSTEM, Actor
from preau.payments import bank_links
from preau.payments.actions import deposits, papers, refunds, titles
from preau.payments.actions.dues import Payer
from preau.payments.enums import DepositMeans, OfficeMode, RefundCause
from preau.payments.models import CollectingOffice, Deposit
from tests.documents.pictures import picture
from tests.payments.factories import OfficeFactory, ask, hire, pay


class MoneyBackWorld:
    """Added to `samples.World`."""

    @cached_property
    def closing_office(self):
        found = CollectingOffice.objects.filter(organization=self.town).first()
        return found or OfficeFactory(organization=self.town)

    @cached_property
    def closing_due(self):
        """Paid 50 €, of which 20 € are due now."""
        holder = self.people["holder"][0]
        known = {"source": "test:closing", "user": holder, "place": self.place}
        pay(ask(self.closing_office, **known))
        return ask(self.closing_office, hire(2000), **known)

    @cached_property
    def refund(self):
        return refunds.ask(
            self.closing_due,
            cents=1000,
            cause=RefundCause.INCIDENT,
            reason="Payé en trop",
            actor=Actor(*self.people["manager"]),
        )

    @cached_property
    def money_paper(self):
        return papers.issue(self.closing_due)[0]

    @cached_property
    def deposit(self):
        holder = self.people["holder"][0]
        made = deposits.want(
            source="test:deposit",
            office=self.closing_office,
            place=self.place,
            label="Salle",
            holder=Payer(str(holder), holder),
            cents=9000,
            actor=SYSTEM,
        )
        return deposits.receive(made, means=DepositMeans.CASH, actor=SYSTEM)

    @cached_property
    def title_batch(self):
        assert self.closing_office  # the town's first, by its name
        billed = {"name": "Trésorerie", "is_default": False, "mode": OfficeMode.TITRE}
        office = OfficeFactory(organization=self.town, **billed)
        ask(office, user=self.people["holder"][0], place=self.place)
        return titles.hand_over(office, actor=SYSTEM)

    @cached_property
    def deposit_photo(self):
        return deposits.add_photo(
            Deposit.objects.get(pk=self.deposit.pk), picture(), "Une vitre", actor=SYSTEM
        )

    @cached_property
    def called_due(self):
        """Of somebody who has no account."""
        payer = Payer("Mme Roux", email="roux@exemple.fr")
        return ask(self.closing_office, payer=payer, place=self.place)

    @cached_property
    def called_deposit(self):
        made = deposits.want(
            source="test:called",
            office=self.closing_office,
            place=self.place,
            label="Salle",
            holder=Payer("Mme Roux", email="roux@exemple.fr"),
            cents=9000,
            actor=SYSTEM,
        )
        return deposits.receive(made, means=DepositMeans.CASH, actor=SYSTEM)

    @cached_property
    def called_photo(self):
        return deposits.add_photo(
            Deposit.objects.get(pk=self.called_deposit.pk), picture(), "Une vitre", actor=SYSTEM
        )


def _office(world):
    return {"office_id": world.closing_office.pk}


MONEY_BACK_SAMPLES = {
    "payments:refunds": _office,
    "payments:export_refunds": _office,
    "payments:deposits": _office,
    "payments:papers": _office,
    "payments:ledger": _office,
    "payments:titles": _office,
    "payments:hand_over_titles": _office,
    "payments:ledger_file": lambda world: _office(world) | {"ledger_what": "journal"},
    "payments:ask_refund": lambda world: {"due_key": world.closing_due.key},
}
MONEY_BACK_SAMPLES_BY_ARGUMENT = {
    "refund_key": lambda world: world.refund.key,
    "bank_token": lambda world: bank_links.bank_address(world.refund).split("/")[-2],
    "deposit_key": lambda world: world.deposit.key,
    "deposit_photo_id": lambda world: world.deposit_photo.pk,
    "title_batch_key": lambda world: world.title_batch.key,
    "due_token": lambda world: bank_links.due_address(world.called_due).split("/")[-2],
    "deposit_token": lambda world: bank_links.deposit_address(world.called_deposit).split("/")[-2],
    "linked_photo_id": lambda world: world.called_photo.pk,
    "paper_key": lambda world: world.money_paper.key,
    "paper_token": lambda world: bank_links.paper_address(world.money_paper).split("/")[-2],
}
