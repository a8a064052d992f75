"""A project written into the champs of a démarche: what goes, what does not and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preau.connectors.models import Dossier, Procedure
from preau.connectors.procedures.schema import every, loaded
from preau.connectors.procedures.sources import SOURCES, Facts, Source, rows_of, shown, value
from preau.integrations.demarches.champs import (
    Champ,
    Sent,
    Unfit,
    Why,
    key_of,
    takes,
    written,
)

WHY = {
    Why.EMPTY: "votre projet ne le dit pas encore",
    Why.FORMAT: "sous une forme que le service ne lirait pas",
    Why.NOT_OFFERED: "absent des choix de la démarche",
    Why.NOT_PREFILLABLE: "à remplir sur le service",
    Why.UNKNOWN: "la démarche n’a plus cette question",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One value, for people.

    Attributes:
        label: the champ's, with the row where there are several.
        origin: where it comes from.
        text: "" where there is none.
        why: why it does not go; "" when it does.
    """

    champ: str
    label: str
    origin: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    lines: tuple[Line, ...]
    payload: Mapping[str, Sent]

    @property
    def going(self) -> list[Line]:
        return [one for one in self.lines if not one.why]

    @property
    def staying(self) -> list[Line]:
        return [one for one in self.lines if one.why]


def filled(procedure: Procedure, facts: Facts) -> Filling:
    """Every mapped champ of the démarche, in its order."""
    lines: list[Line] = []
    payload: dict[str, Sent] = {}
    for champ in loaded(procedure.champs):
        if champ.type == "Repetition":
            rows = list(_rows(champ, procedure.mapping, facts, lines))
            if rows:
                payload[champ.key] = rows
        elif (source := _source(procedure.mapping, champ)) is not None:
            _write(champ, source, facts, source.read(facts), champ.label, (lines, payload))
    return Filling(tuple(lines), payload)


def doubtful(procedure: Procedure, dossier: Dossier) -> list[str]:
    """Labels of what was sent that the démarche, as it was read last, would not keep: nothing more
    is known without its token. Nothing of one that is answered, or that is not there."""
    if dossier.is_decided or not dossier.is_there:
        return []
    champs = {one.key: one for one, _ in every(loaded(procedure.champs))}
    lost = {
        key
        for key, sent in _cells(dossier.payload)
        if key not in champs or not takes(champs[key], sent)
    }
    return [line["label"] for line in dossier.sent if key_of(line["champ"]) in lost]


def _cells(payload: Mapping[str, Sent]) -> Iterator[tuple[str, Sent]]:
    """Each value with its champ's key; of a repetition, those of its rows."""
    for key, sent in payload.items():
        rows = [row for row in sent if isinstance(row, dict)] if isinstance(sent, list) else []
        for row in rows:
            yield from _cells(row)
        if not rows:
            yield key, sent


def _source(mapping: Mapping[str, Mapping[str, str]], champ: Champ) -> Source | None:
    said = mapping.get(champ.id)
    return SOURCES.get(said["source"]) if said else None


def _rows(
    repetition: Champ, mapping: Mapping[str, Any], facts: Facts, lines: list[Line]
) -> Iterator[dict[str, Sent]]:
    """One row for each of what the mapped champs inside are read from: one collection at a time."""
    found = [(one, _source(mapping, one)) for one in repetition.champs]
    mapped = [(champ, source) for champ, source in found if source is not None and source.rows]
    names = {source.rows for _, source in mapped}
    for name in sorted(names):
        for number, raw in enumerate(rows_of(name, facts), 1):
            row: dict[str, Sent] = {}
            for champ, source in mapped:
                if source.rows == name:
                    label = f"{repetition.label}, ligne {number} : {champ.label}"
                    _write(champ, source, facts, source.read(raw), label, (lines, row))
            if row:
                yield row


def _write(
    champ: Champ,
    source: Source,
    facts: Facts,
    raw: Any,
    label: str,
    out: tuple[list[Line], dict[str, Sent]],
) -> None:
    lines, sent = out
    why = ""
    try:
        sent[champ.key] = written(champ, value(source, raw, champ, facts))
    except Unfit as error:
        why = WHY[error.why]
    lines.append(Line(champ.id, label, source.origin, shown(source, raw), why))
