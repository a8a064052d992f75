"""The number of a bank account, checked by its own key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from preau.core.errors import Refusal

_FORM = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
#: How long it is where most of ours are: in France, its overseas and its neighbours.
_LENGTHS = {"FR": 27, "MC": 27, "BE": 16, "DE": 22, "ES": 24, "IT": 27, "LU": 20, "CH": 21}


@dataclass(frozen=True, slots=True)
class Iban:
    value: str

    @classmethod
    def read(cls, text: str) -> Iban:
        """What was typed, spaces or not.

        Raises:
            Refusal: a letter or a digit is missing or wrong.
        """
        value = re.sub(r"[\s.\-]", "", text).upper()
        length = _LENGTHS.get(value[:2])
        if not _FORM.fullmatch(value) or (length and len(value) != length) or not _key_fits(value):
            raise Refusal(
                "Cet IBAN n’est pas complet ou comporte une erreur : recopiez-le depuis votre RIB"
                " (27 caractères, il commence par FR).",
                field="iban",
            )
        return cls(value)

    @property
    def hint(self) -> str:
        """Enough to recognise one's account, not to use it."""
        return f"{self.value[:2]}•• … {self.value[-3:]}"


def _key_fits(value: str) -> bool:
    turned = value[4:] + value[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1
