"""Public numbers of organisations: SIREN, SIRET (INSEE) and RNA (Journal officiel)."""

from __future__ import annotations

import re

#: La Poste's SIREN: its thousands of counters have SIRET numbers that do not pass Luhn's check;
#: the sum of their digits is a multiple of 5 instead (INSEE, documentation of the SIRENE base).
LA_POSTE = "356000000"


def digits(text: str) -> str:
    """The text without the spaces, dots and hyphens people write between groups."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", text)


def luhn(number: str) -> bool:
    """Whether a string of digits passes Luhn's check (ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_siren(number: str) -> bool:
    return bool(re.fullmatch("[0-9]{9}", number)) and number != "000000000" and luhn(number)


def is_siret(number: str) -> bool:
    if not re.fullmatch("[0-9]{14}", number) or not is_siren(number[:9]):
        return False
    if number.startswith(LA_POSTE) and number != LA_POSTE + "00048":
        return sum(map(int, number)) % 5 == 0
    return luhn(number)


def is_rna(number: str) -> bool:
    return bool(re.fullmatch("W[0-9][0-9A-Z][0-9]{7}", number))


def is_siren_of_commune(siren: str, insee: str) -> bool:
    """Whether a SIREN may be that commune's: 21, its département, its number, a check digit.

    Communes born of a merger have numbers in 200… that say nothing of the place: they pass.
    """
    if siren.startswith("200"):
        return True
    departement, number = insee[:2].replace("2A", "20").replace("2B", "20"), insee[2:]
    if departement == "97":
        departement, number = insee[:3], insee[3:]
    return siren.startswith("21" + departement + number.zfill(6 - len(departement)))
