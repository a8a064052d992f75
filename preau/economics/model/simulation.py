"""Ten thousand possible futures: when it balances, how much cash it takes, what matters most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preau.economics.model.hypotheses import MONTHS, Guess, Hypotheses

DRAWS = 10_000
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the cash after 36 months becomes when one thing alone goes badly, or well."""

    label: str
    low: int
    high: int

    @property
    def spread(self) -> int:
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cents and shares, by month from the first to the last.

    Attributes:
        balanced: share of the futures in which the months pay for themselves from this month on,
            investments and grants aside, until the last one.
        likely: cash when everything is as likely.
        need_p50, need_p90: how far below nothing the cash goes.
    """

    balanced: tuple[float, ...]
    p10: tuple[int, ...]
    p50: tuple[int, ...]
    p90: tuple[int, ...]
    likely: tuple[int, ...]
    need_p50: int
    need_p90: int
    never: float
    ends_above: float
    effects: tuple[Effect, ...]


def uniforms(seed: int, count: int, draws: int = DRAWS) -> Floats:
    """The chances of one seed: the same for ever (PCG64)."""
    return np.random.Generator(np.random.PCG64(seed)).random((draws, count))


def quantile(guess: Guess, chances: Floats) -> Floats:
    """The triangular law turned around."""
    low, likely, high = guess.low, guess.likely, guess.high
    if high <= low:
        return np.full_like(chances, likely)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(chances * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - chances) * (high - low) * (high - likely))
    return np.where(chances < turn, rising, falling)


def simulate(hypotheses: Hypotheses, *, seed: int, draws: int = DRAWS) -> Outcome:
    guesses = hypotheses.guesses
    chances = uniforms(seed, len(guesses), draws)
    values = np.empty_like(chances)
    for number, guess in enumerate(guesses):
        values[:, number] = quantile(guess, chances[:, number])
    monthly, cash = _months(hypotheses, values)
    first = first_balanced(monthly)
    balanced = tuple(float(np.mean(first <= month)) for month in range(MONTHS))
    p10, p50, p90 = (_ranked(cash, share) for share in (10, 50, 90))
    need = np.maximum(0, -cash.min(axis=1))[:, None]
    likely = np.array([[guess.likely for guess in guesses]]).reshape(1, -1)
    return Outcome(
        balanced=balanced,
        p10=p10,
        p50=p50,
        p90=p90,
        likely=_cents(_months(hypotheses, likely)[1][0]),
        need_p50=_ranked(need, 50)[0],
        need_p90=_ranked(need, 90)[0],
        never=float(np.mean(first == MONTHS)),
        ends_above=float(np.mean(cash[:, -1] >= -_HALF_CENT)),
        effects=effects(hypotheses),
    )


#: Sums of floats that should be nothing.
_HALF_CENT = 0.5


def _months(hypotheses: Hypotheses, values: Floats) -> tuple[Floats, Floats]:
    """What each month brings, one-offs aside, and the cash at its end: (draws, months)."""
    lines = hypotheses.lines
    months = range(1, MONTHS + 1)
    profiles = np.array([[one.sign * one.at(month) for month in months] for one in lines])
    amounts = values[:, 0 : 2 * len(lines) : 2] * values[:, 1 : 2 * len(lines) : 2]
    monthly = amounts @ profiles.reshape(len(lines), MONTHS)
    cash = monthly.copy()
    for number, one in enumerate(hypotheses.one_offs):
        cash[:, one.month - 1] += one.sign * values[:, 2 * len(lines) + number]
    return monthly, np.cumsum(cash, axis=1) + hypotheses.start_cents


def first_balanced(monthly: Floats) -> npt.NDArray[np.int64]:
    """From which month (0 is the first) none loses any more; `MONTHS` when the last one does."""
    short = monthly < -_HALF_CENT
    last_short = MONTHS - 1 - np.argmax(short[:, ::-1], axis=1)
    return np.where(short.any(axis=1), last_short + 1, 0)


def _ranked(values: Floats, share: int) -> tuple[int, ...]:
    """The value that so many per cent of the draws do not exceed: one of the draws."""
    found = np.percentile(values, share, axis=0, method="inverted_cdf")
    return _cents(found)


def _cents(values: Floats) -> tuple[int, ...]:
    return tuple(int(one) for one in np.rint(values))


def effects(hypotheses: Hypotheses) -> tuple[Effect, ...]:
    """Each doubt alone at its two ends, the others as likely; the one that weighs most first."""
    guesses = hypotheses.guesses
    names = [f"{one.label}{what}" for one in hypotheses.lines for what in _WHAT]
    names += [one.label for one in hypotheses.one_offs]
    doubts = [number for number, guess in enumerate(guesses) if not guess.is_sure]
    values = np.array([[guess.likely for guess in guesses]] * (2 * len(doubts)))
    for row, number in enumerate(doubts):
        values[2 * row, number] = guesses[number].low
        values[2 * row + 1, number] = guesses[number].high
    if not doubts:
        return ()
    ends = _cents(_months(hypotheses, values)[1][:, -1])
    found = [
        Effect(names[number], ends[2 * row], ends[2 * row + 1]) for row, number in enumerate(doubts)
    ]
    return tuple(sorted(found, key=lambda one: (-one.spread, one.label)))


_WHAT = (" : montant", " : volume")
