"""Why a message did not leave, in a sentence for the operator that names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is kept of an error.

    Attributes:
        sentence: French, without address nor content.
        lasting: trying again would fail the same way.
    """

    sentence: str
    lasting: bool = False


def describe(error: Exception) -> Failure:
    """The failure that an exception of the mail backend stands for."""
    match error:
        case SMTPRecipientsRefused():
            codes = {code for code, _ in error.recipients.values()}
            shown = ", ".join(str(code) for code in sorted(codes))
            return Failure(
                f"Le serveur de courriel refuse l’adresse du destinataire ({shown}).",
                lasting=bool(codes) and min(codes) >= 500,
            )
        case SMTPAuthenticationError():
            return Failure(f"Le serveur de courriel refuse notre identifiant ({error.smtp_code}).")
        case SMTPDataError():
            return Failure(
                f"Le serveur de courriel refuse le message ({error.smtp_code}).",
                lasting=error.smtp_code >= 500,
            )
        case SMTPResponseException():
            return Failure(f"Le serveur de courriel a répondu {error.smtp_code}.")
        case SMTPException() | OSError():
            return Failure(f"Le serveur de courriel ne répond pas ({type(error).__name__}).")
        case _:
            return Failure(f"Erreur inattendue ({type(error).__name__}).")
