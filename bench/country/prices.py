"""Tariffs of some owners: cheaper for those who live there, dearer for companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.country.land import Land
from bench.country.rows import Choice
from preau.places.enums import UserCategory
from preau.pricing.enums import RateUnit, Residence

#: Share of the owners with a tariff, and of their places where it holds.
OWNERS, PLACES = 0.6, 0.75
#: Of the spaces without one: free of charge, else on request.
FREE = 0.8

_RATES = [  # for whom, from where, unit, times the price of an hour
    ("", "", RateUnit.HOUR, 1.0),
    ("", "", RateUnit.EVENING, 3.0),
    (UserCategory.ASSOCIATION, Residence.LOCAL, RateUnit.HOUR, 0.0),
    (UserCategory.ASSOCIATION, "", RateUnit.HOUR, 0.5),
    (UserCategory.RESIDENT, Residence.LOCAL, RateUnit.HOUR, 0.7),
    (UserCategory.COMPANY, "", RateUnit.HOUR, 2.0),
]


@dataclass
class Prices:
    owner: Any  # of each tariff
    hour_cents: Any  # of each tariff
    place_tariff: Any  # -1: none
    from_cents: Any  # of each space; -1: on request

    def rates(self) -> tuple[Any, Choice, Choice, Choice, Any]:
        n, kinds = len(self.owner), len(_RATES)
        line = np.tile(np.arange(kinds), n)
        tariff = np.repeat(np.arange(n), kinds)
        audiences, residences, units, factors = zip(*_RATES, strict=True)
        cents = self.hour_cents[tariff] * np.array(factors)[line]
        return (
            tariff,
            Choice([str(word) for word in audiences], line),
            Choice([str(word) for word in residences], line),
            Choice([str(word) for word in units], line),
            cents.astype(np.int64),
        )


def draw(land: Land, place_owner: Any, seed: int) -> Prices:
    rng = np.random.default_rng([seed, 5])
    owners = int(place_owner.max()) + 1
    chosen = rng.random(owners) < OWNERS
    chosen[place_owner[0]] = True
    tariff_of = np.where(chosen, np.cumsum(chosen) - 1, -1)
    hour = rng.choice([400, 800, 1000, 1200, 1500, 2000, 3000], int(chosen.sum()))
    place_tariff = np.where(rng.random(land.places) < PLACES, tariff_of[place_owner], -1)
    place_tariff[:2] = tariff_of[place_owner[0]]
    of_space = place_tariff[land.space_place]
    without = np.where(rng.random(land.spaces) < FREE, 0, -1)[land.space_root]
    from_cents = np.where(of_space >= 0, hour[of_space], without)
    return Prices(np.flatnonzero(chosen), hour, place_tariff, from_cents)
