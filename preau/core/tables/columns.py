"""Which column is which: guessed from the headings, said again by the person where needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from preau.core.errors import Refusal
from preau.core.tables.cells import words


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a table may say, and the headings under which people write it."""

    key: str
    label: str
    help: str = ""
    examples: tuple[str, ...] = ()
    needed: bool = False
    aliases: tuple[str, ...] = ()


def names_of(columns: Iterable[Column]) -> dict[str, str]:
    """Heading, as `words` → key of the column."""
    columns = list(columns)
    spoken = {
        words(name): column.key for column in columns for name in (column.label, *column.aliases)
    }
    return spoken | {words(column.key): column.key for column in columns}


def guess(
    headings: Sequence[str], columns: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> list[str]:
    """The key of each heading, "" where unknown; a key is given once, to the first that has it.

    Args:
        remembered: what the person said of such a heading before (`words` → key, "" to leave it).
    """
    known = names_of(columns)
    keys = {column.key for column in columns}
    taken: set[str] = set()
    found = []
    for heading in headings:
        said = words(heading)
        key = (remembered or {}).get(said, known.get(said, ""))
        if key in taken or key not in keys:
            key = ""
        taken |= {key} - {""}
        found.append(key)
    return found


def refuse_missing(keys: Sequence[str], columns: Sequence[Column], *, field: str = "file") -> None:
    """
    Raises:
        Refusal: a needed column is not there, or one is there twice.
    """
    missing = [one.label for one in columns if one.needed and one.key not in keys]
    if missing:
        raise Refusal(
            f"Il manque des colonnes : {', '.join(missing)}. La première ligne du fichier porte "
            "leurs noms, comme dans le modèle.",
            field=field,
            code="missing_columns",
        )
    labels = {one.key: one.label for one in columns}
    twice = sorted({labels[key] for key in keys if key and list(keys).count(key) > 1})
    if twice:
        raise Refusal(
            f"Ces colonnes sont en double : {', '.join(twice)}.",
            field=field,
            code="columns_twice",
        )
