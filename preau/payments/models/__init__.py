"""The tables of the room, by subject."""

from preau.payments.models.deposits import Deposit, DepositPhoto
from preau.payments.models.dues import Due, DueLine
from preau.payments.models.money import EntryShare, Incident, Operation, Payment
from preau.payments.models.offices import CollectingOffice, Counter, OfficePlace
from preau.payments.models.papers import BilledLine, Paper
from preau.payments.models.refunds import Refund, RefundExport
from preau.payments.models.titles import TitleBatch, TitledLine

__all__ = [
    "BilledLine",
    "CollectingOffice",
    "Counter",
    "Deposit",
    "DepositPhoto",
    "Due",
    "DueLine",
    "EntryShare",
    "Incident",
    "OfficePlace",
    "Operation",
    "Paper",
    "Payment",
    "Refund",
    "RefundExport",
    "TitleBatch",
    "TitledLine",
]
