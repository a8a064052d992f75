"""Codes and credentials, sealed at rest: nothing else of this room reads them in clear."""

from __future__ import annotations

import json
from typing import Any

from preau.access.models import AccessGrant, Door, LockAccount
from preau.core.sealed import Unreadable, seal, unseal

_CODE, _BOX, _ACCOUNT, _SESSION = "access-code", "access-box", "lock-account", "lock-session"


def keep_code(grant: AccessGrant, code: str) -> None:
    grant.sealed_code = seal(code, purpose=_CODE) if code else ""


def code_of(grant: AccessGrant) -> str:
    """The digits; "" when there are none yet, or none that can be read any more."""
    sealed, purpose = grant.sealed_code, _CODE
    if grant.door.is_manual:
        sealed, purpose = grant.door.sealed_box_code, _BOX
    return _open(sealed, purpose)


def keep_box_code(door: Door, code: str) -> None:
    door.sealed_box_code = seal(code, purpose=_BOX) if code else ""


def box_code_of(door: Door) -> str:
    return _open(door.sealed_box_code, _BOX)


def keep_credentials(account: LockAccount, said: dict[str, str]) -> None:
    account.sealed_credentials = seal(json.dumps(said), purpose=_ACCOUNT)
    account.sealed_session = ""


def credentials_of(account: LockAccount) -> dict[str, str]:
    """Raises: Unreadable."""
    said: dict[str, str] = json.loads(unseal(account.sealed_credentials, purpose=_ACCOUNT))
    return said


def keep_session(account: LockAccount, said: dict[str, Any]) -> None:
    account.sealed_session = seal(json.dumps(said), purpose=_SESSION)


def session_of(account: LockAccount) -> dict[str, Any] | None:
    said = _open(account.sealed_session, _SESSION)
    return json.loads(said) if said else None


def _open(sealed: str, purpose: str) -> str:
    try:
        return unseal(sealed, purpose=purpose) if sealed else ""
    except Unreadable:  # the site's secret has changed: as if there were none
        return ""
