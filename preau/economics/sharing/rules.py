"""The three rules: hours × m², equal fixed part, Shapley. Each explains its every share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from preau.core.formats import NBSP, count, euros, number
from preau.economics.sharing.game import Game, Provider
from preau.economics.sharing.rounding import to_cents

_ZERO = Fraction(0)


class Rule(StrEnum):
    PROPORTIONAL = "heures_m2"
    EQUAL_FIXED = "fixe_egal"
    SHAPLEY = "shapley"


@dataclass(frozen=True, slots=True)
class Part:
    """One reason of a share: its words, and its cents (the parts add up to the share)."""

    words: str
    cents: int


@dataclass(frozen=True, slots=True)
class Share:
    provider: str
    cents: int
    exact: Fraction
    alone: int
    parts: tuple[Part, ...]

    @property
    def pays_no_more_than_alone(self) -> bool:
        return self.cents <= self.alone

    @property
    def saved(self) -> int:
        """What coming together spares it; negative when it would pay less alone."""
        return self.alone - self.cents


@dataclass(frozen=True, slots=True)
class Sharing:
    rule: Rule
    total: int
    shares: tuple[Share, ...]

    @property
    def nobody_pays_more_than_alone(self) -> bool:
        return all(one.pays_no_more_than_alone for one in self.shares)


_Reasons = list[tuple[str, Fraction]]


def share(game: Game, rule: Rule) -> Sharing:
    """Each provider's share, in the order of the game; their sum is the game's total."""
    if not game.providers:
        return Sharing(rule, 0, ())
    reasons = _RULES[rule](game)
    exact = [sum((cents for _, cents in one), _ZERO) for one in reasons]
    cents = to_cents(exact, game.total)
    shares = [
        Share(provider.name, paid, wanted, game.alone(provider), _parts(why, paid))
        for provider, paid, wanted, why in zip(game.providers, cents, exact, reasons, strict=True)
    ]
    return Sharing(rule, game.total, tuple(shares))


def _parts(reasons: _Reasons, paid: int) -> tuple[Part, ...]:
    """The reasons in cents that add up to what is paid, even a cent off the exact share."""
    cents = [round(one) for _, one in reasons]
    largest = max(range(len(cents)), key=lambda i: cents[i])
    cents[largest] += paid - sum(cents)
    return tuple(Part(words, some) for (words, _), some in zip(reasons, cents, strict=True))


def hours(minutes: int) -> str:
    """« 1 h 30 », « 1 412 h »."""
    whole = f"{number(minutes // 60)}{NBSP}h"
    return f"{whole}{NBSP}{minutes % 60:02d}" if minutes % 60 else whole


def percent(part: Fraction) -> str:
    return f"{number(float(100 * part), 1)}{NBSP}%"


def _proportional(game: Game) -> list[_Reasons]:
    whole = sum(one.weight for one in game.providers)
    return [
        [
            (
                f"{hours(one.minutes)} × {number(one.square_metres)}{NBSP}m², soit"
                f" {percent(Fraction(one.weight, whole))} des heures × m² de tous, d’un coût total"
                f" de {euros(game.total)}",
                Fraction(game.total * one.weight, whole),
            )
        ]
        for one in game.providers
    ]


def _equal_fixed(game: Game) -> list[_Reasons]:
    """Opening and rooms by head; staffing and what hours use up in proportion to the hours."""
    heads = len(game.providers)
    fixed = game.costs.opening + game.rooms_of(game.providers)
    varying = game.total - fixed
    minutes = sum(one.minutes for one in game.providers)
    return [
        [
            (
                f"Part fixe (ouverture et salles) : {euros(fixed)} partagés en"
                f" {count(heads, 'part égale', 'parts égales')}",
                Fraction(fixed, heads),
            ),
            (
                f"Part variable (présence et consommations) : {euros(varying)}, au prorata des"
                f" heures ({hours(one.minutes)} sur {hours(minutes)})",
                Fraction(varying * one.minutes, minutes),
            ),
        ]
        for one in game.providers
    ]


def _shapley(game: Game) -> list[_Reasons]:
    """In closed form: each part of the cost is split equally among those who need it."""
    heads = len(game.providers)
    opening = (
        f"Ouverture : {euros(game.costs.opening)} partagés en"
        f" {count(heads, 'part égale', 'parts égales')}"
    )
    return [
        [
            (opening, Fraction(game.costs.opening, heads)),
            _half_days(game, one),
            *_rooms(game, one),
            (
                f"Consommations : {hours(one.minutes)} à {euros(game.costs.hour)}",
                Fraction(game.hourly(one)),
            ),
        ]
        for one in game.providers
    ]


def _half_days(game: Game, provider: Provider) -> tuple[str, Fraction]:
    users = game.users_of_half_days
    own = sum(users[slot] == 1 for slot in provider.half_days)
    together = len(provider.half_days) - own
    price = game.costs.half_day
    cents = sum((Fraction(price, users[slot]) for slot in provider.half_days), _ZERO)
    words = (
        f"Demi-journées avec accueil, à {euros(price)} : {number(own)} sans personne d’autre,"
        f" payées entières, {number(together)} partagées à égalité avec ceux qui viennent en"
        " même temps"
    )
    return words, cents


def _rooms(game: Game, provider: Provider) -> _Reasons:
    reasons: _Reasons = []
    needed = [game.step_of(one) for one in game.providers]
    before = 0
    for step, (size, cents) in enumerate(game.steps[: game.step_of(provider)]):
        users = sum(one > step for one in needed)
        size_words = f"de {before} à {size} m²" if before else f"jusqu’à {size} m²"
        words = f"Salle {size_words} : {euros(cents)}, à partager entre {users}"
        reasons.append((words, Fraction(cents, users)))
        before = size
    return reasons


_RULES = {
    Rule.PROPORTIONAL: _proportional,
    Rule.EQUAL_FIXED: _equal_fixed,
    Rule.SHAPLEY: _shapley,
}


def all_rules(game: Game) -> Sequence[Sharing]:
    return [share(game, rule) for rule in Rule]
