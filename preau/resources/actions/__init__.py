"""Every write of the library: one atomic verb each."""

from preau.resources.actions.following import close_signal, expire, renew, signal, warn
from preau.resources.actions.reviewing import accept, archive, reopen, send_back, submit
from preau.resources.actions.writing import create, edit, set_contacts

__all__ = [
    "accept",
    "archive",
    "close_signal",
    "create",
    "edit",
    "expire",
    "renew",
    "reopen",
    "send_back",
    "set_contacts",
    "signal",
    "submit",
    "warn",
]
