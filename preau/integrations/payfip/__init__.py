"""PayFiP, the public treasury's payment page, through eopayment and its SOAP service.

eopayment is optional (its licence is copyleft): it is imported when something is asked, and its
absence is said. Three operations: create, what became of it, who the client is. A refusal that
PayFiP explains is a `Rejected`; anything else that is no answer is an `Unavailable`. A code of
result that is not in its documentation is `UNKNOWN`, never a refusal.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from preau.integrations.http import TIMEOUT_SECONDS, Rejected, Service, Unavailable, judged

SERVICE_PATH = "/tpa/services/securite"
PAGE_PATH = "/tpa/paiementws.web"
#: What PayFiP takes, in cents.
LEAST_CENTS, MOST_CENTS = 100, 10_000_000
_REFERENCE = re.compile(r"[A-Za-z0-9]{1,30}")
_NUMBER = re.compile(r"[0-9]{6}")
#: PayFiP's own faults (« FonctionnelleErreur »): a letter and a number.
_FAULT = re.compile(r"[A-Z][0-9]{1,3}")


class Missing(Exception):
    """eopayment is not installed here."""


class Outcome(StrEnum):
    PAID_BY_CARD = "P"
    PAID_BY_DEBIT = "V"
    REFUSED = "R"
    CANCELLED = "A"
    WAITING = "P5"
    EXPIRED = "P1"
    UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Created:
    """A payment page, good for a quarter of an hour."""

    idop: str
    url: str


@dataclass(frozen=True, slots=True)
class Status:
    """What became of an operation.

    Attributes:
        code: the result as PayFiP writes it.
        cents, reference, number: what it says was paid, as what, to whom; 0 or "" when it does not.
    """

    outcome: Outcome
    code: str
    cents: int = 0
    reference: str = ""
    number: str = ""
    at: datetime | None = None


def is_installed() -> bool:
    return importlib.util.find_spec("eopayment") is not None


@dataclass(frozen=True, slots=True)
class Client:
    """One collecting office at PayFiP.

    Attributes:
        url: where PayFiP is: "https://www.payfip.gouv.fr".
        number: the office's client number, six digits.
        stage: T (test), X (activation) or W (production).
    """

    url: str
    number: str
    stage: str
    timeout: float = TIMEOUT_SECONDS

    def create(
        self,
        *,
        reference: str,
        cents: int,
        email: str,
        subject: str,
        notify_url: str,
        return_url: str,
    ) -> Created:
        """Open a payment page.

        Raises:
            Missing, Unavailable, Rejected.
            ValueError: an amount or a reference that PayFiP does not take; nothing was asked.
        """
        if not LEAST_CENTS <= cents <= MOST_CENTS:
            raise ValueError("PayFiP takes 1 € to 100,000 €.")
        if not _REFERENCE.fullmatch(reference) or not _NUMBER.fullmatch(self.number):
            raise ValueError("Letters and digits, thirty at most; a client number has six digits.")
        if not ("@" in email and 6 <= len(email) <= 80):
            raise ValueError("PayFiP wants an address of 6 to 80 characters.")
        payment = self._payment(notify_url, return_url)
        amount = f"{cents // 100}.{cents % 100:02d}"
        # `transaction_id` and not `orderid`, which would also go into the subject.
        idop, _, _ = self._asked(
            payment.request,
            amount=amount,
            email=email,
            refdet=reference,
            subject=subject,
        )
        if not idop or idop == "None":
            raise Unavailable("no idOp in the answer")
        return Created(idop, f"{self.url.rstrip('/')}{PAGE_PATH}?idop={idop}")

    def status(self, idop: str, *, created_at: datetime) -> Status:
        """What became of an operation: the only truth, whatever a notification says.

        Raises:
            Missing, Unavailable, Rejected.
        """
        payment = self._payment("https://nowhere.invalid/", "https://nowhere.invalid/")
        found = self._asked(payment.payment_status, idop, transaction_date=created_at)
        return _status(found)

    def _payment(self, notify_url: str, return_url: str) -> Any:
        eopayment = _library()
        payment = eopayment.Payment(
            "payfip_ws",
            {
                "numcli": self.number,
                "saisie": self.stage,
                "automatic_return_url": notify_url,
                "normal_return_url": return_url,
            },
        ).backend
        payment.payfip = _service(self.url.rstrip("/"), self.timeout)
        return payment

    def _asked(self, call: Any, *args: Any, **kwargs: Any) -> Any:
        from eopayment.payfip_ws import PayFiPError

        try:
            return call(*args, **kwargs)
        except PayFiPError as error:
            code = str(error.code)
            if _FAULT.fullmatch(code):
                raise Rejected(400, {"code": code}) from None
            if isinstance(error.message, Unavailable):  # eopayment wraps what our transport says
                raise error.message from None
            raise Unavailable(code[:40]) from None
        except Exception as error:  # what eopayment makes of an answer of another shape
            raise Unavailable(type(error).__name__) from None


def _library() -> Any:
    try:
        import eopayment
    except ImportError:
        raise Missing from None
    return eopayment


@lru_cache(maxsize=4)
def _service(url: str, timeout: float) -> Any:
    """PayFiP as its WSDL (the copy that comes with eopayment) describes it, at another address."""
    from eopayment.payfip_ws import PayFiP

    service = PayFiP(zeep_client_kwargs={"transport": _transport(timeout)})
    for one in service.client.wsdl.services.values():
        for port in one.ports.values():
            port.binding_options["address"] = url + SERVICE_PATH
    return service


def _transport(timeout: float) -> Any:
    """How SOAP goes out, bounded as a whole.

    zeep's own way counts for each piece that comes; and two requests at once undo each other's
    time-out, which then is none.
    """
    from zeep.transports import Transport

    class Bounded(Transport):
        def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:
            answer = Service(address, timeout=timeout).exchanged("POST", "", None, message, headers)
            if answer.status != 500:  # a fault is said in the body of a 500
                judged(answer)
            return SimpleNamespace(
                status_code=answer.status,
                headers=answer.headers,
                content=answer.body,
                encoding=answer.headers.encoding,
            )

    return Bounded()  # type: ignore[no-untyped-call]


def _status(found: Any) -> Status:
    """eopayment's answer, which calls « error » all that it does not know."""
    data = found.bank_data or {}
    said = str(data.get("resultrans") or "")
    if not data:
        outcome = Outcome.EXPIRED if found.result == _library().EXPIRED else Outcome.WAITING
        return Status(outcome, outcome.value)
    known = {
        "P": Outcome.PAID_BY_CARD,
        "V": Outcome.PAID_BY_DEBIT,
        "R": Outcome.REFUSED,
        "Z": Outcome.REFUSED,
        "A": Outcome.CANCELLED,
    }
    outcome = known.get(said, Outcome.UNKNOWN)
    if found.result == _library().WAITING:  # given up two minutes ago at most: may come back
        outcome = Outcome.WAITING
    cents = str(data.get("montant") or "")
    if not cents.isdecimal() and outcome in {Outcome.PAID_BY_CARD, Outcome.PAID_BY_DEBIT}:
        outcome, said = Outcome.UNKNOWN, f"{said} sans montant"
    return Status(
        outcome,
        said or "réponse vide",
        int(cents) if cents.isdecimal() else 0,
        str(data.get("refdet") or ""),
        str(data.get("numcli") or ""),
        found.transaction_date or _moment(data),
    )


def _moment(data: Any) -> datetime | None:
    from eopayment.payfip_ws import Payment

    said = SimpleNamespace(dattrans=data.get("dattrans"), heurtrans=data.get("heurtrans"))
    found: datetime | None = Payment.get_transaction_datetime(said)
    return found
