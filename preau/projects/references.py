"""What a project is called over the telephone."""

from __future__ import annotations

import secrets

#: Neither 0 nor O, neither 1 nor I.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_reference() -> str:
    """« P-7K3M-QX9A »: letters and figures that cannot be mistaken for one another."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"P-{code[:4]}-{code[4:]}"
