"""Names in alphabetical order as people read it: « École » between « Dojo » and « Foyer ».

The server's own order is that of code points, which puts accents after Z; its ICU collations are
not in every build of PostgreSQL (the embedded one has none).
"""

from __future__ import annotations

import unicodedata

from django.db.models import F, Func, TextField


def by_name(*fields: str) -> list[Func]:
    """For `order_by`: these fields without accents nor capitals; a key after them settles ties."""
    return [Func(_plain(field), function="lower", output_field=TextField()) for field in fields]


def _plain(field: str) -> Func:
    return Func(F(field), function="unaccent", output_field=TextField())


def rank(name: str) -> str:
    """The same, for `sorted`."""
    whole = name.replace("œ", "oe").replace("Œ", "Oe")
    letters = unicodedata.normalize("NFKD", whole)
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold()
