"""From the hypotheses kept as data to those that are simulated, and results to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import TextChoices

from preau.core.formats import euros, number
from preau.economics.enums import CostKind, RevenueKind
from preau.economics.model.hypotheses import ONE, Guess, Hypotheses, Line, OneOff
from preau.economics.model.simulation import DRAWS, simulate

Kept = Mapping[str, Any]


class Sort(TextChoices):
    """What a hypothesis is about."""

    REVENUE = "recette", "Recette de chaque mois"
    COST = "depense", "Dépense de chaque mois"
    INVESTMENT = "investissement", "Investissement, payé une fois"
    GRANT = "subvention", "Subvention ou apport, reçu une fois"


#: Kinds by sort; the two paid once have none.
KINDS: dict[str, dict[str, str]] = {
    Sort.REVENUE.value: {str(value): str(label) for value, label in RevenueKind.choices},
    Sort.COST.value: {str(value): str(label) for value, label in CostKind.choices},
}
MONTHLY = frozenset({Sort.REVENUE, Sort.COST})
_GAINS = frozenset({Sort.REVENUE, Sort.GRANT})


def hypotheses_of(lines: Iterable[Kept], start_cents: int) -> Hypotheses:
    monthly, once = [], []
    for one in lines:
        sign = 1 if one["sort"] in _GAINS else -1
        cents = Guess(*one["cents"])
        if one["sort"] in MONTHLY:
            volume = Guess(*one["volume"]) if one.get("volume") else ONE
            monthly.append(Line(one["label"], sign, cents, volume, one["start"], one["ramp"]))
        else:
            once.append(OneOff(one["label"], sign, cents, one["start"]))
    return Hypotheses(tuple(monthly), tuple(once), start_cents)


def result_of(lines: Iterable[Kept], start_cents: int, seed: int) -> dict[str, Any]:
    """What a version keeps: the same for the same lines, start and seed."""
    return asdict(simulate(hypotheses_of(lines, start_cents), seed=seed, draws=DRAWS))


def kind_words(line: Kept) -> str:
    return KINDS.get(line["sort"], {}).get(line.get("kind", ""), "")


def guess_words(values: Iterable[float], *, money: bool) -> str:
    """« 800,00 € », or « de 600,00 € à 1 000,00 €, plutôt 800,00 € »."""
    low, likely, high = values
    write = (lambda one: euros(int(one))) if money else _quantity
    if low == high:
        return write(likely)
    return f"de {write(low)} à {write(high)}, plutôt {write(likely)}"


def _quantity(value: float) -> str:
    return number(value, 0 if value == int(value) else 2)


def when_words(line: Kept) -> str:
    if line["sort"] not in MONTHLY:
        return f"mois {line['start']}"
    words = f"dès le mois {line['start']}"
    return words if line["ramp"] <= 1 else f"{words}, entière en {line['ramp']} mois"


def shown(line: Kept) -> dict[str, Any]:
    """A hypothesis in words, for a table."""
    return {
        "id": line["id"],
        "sort": Sort(line["sort"]).label,
        "label": line["label"],
        "kind": kind_words(line),
        "amount": guess_words(line["cents"], money=True),
        "volume": guess_words(line["volume"], money=False) if line.get("volume") else "",
        "when": when_words(line),
    }
