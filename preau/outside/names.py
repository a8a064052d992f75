"""Names that registers write in capitals, as people write them."""

from __future__ import annotations

import re

_SMALL = frozenset(
    {"à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "pour"}
    | {"sous", "sur"}
)
#: Words of a street: small, as in the national base of addresses, but at the beginning.
_WORD = re.compile(r"[^\W_]+")
_VOWELS = re.compile("[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜ]")


def in_plain_letters(text: str) -> str:
    """« COMMUNE DE VOIRON » → « Commune de Voiron »; what is not all capitals stays as it is.

    Short words that cannot be said (« MJC ») are taken for initials.
    """
    if text != text.upper():
        return text
    is_first = True

    def one(found: re.Match[str]) -> str:
        nonlocal is_first
        word, begins = found[0], is_first
        is_first = False
        if word.lower() in _SMALL and not begins:
            return word.lower()
        if len(word) > 1 and not _VOWELS.search(word):
            return word
        return word.capitalize()

    return _WORD.sub(one, text)
