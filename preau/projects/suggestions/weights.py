"""How well a suggestion fits, 0 to 100: one table, so that an order can be explained and argued.

Every figure is points. They add up; the labelled set (tests/projects/matching) measures a change.
"""

from __future__ import annotations

from typing import Final

from preau.resources.enums import BlockageKind, ResourceKind, Scale

#: What every candidate of the library has: the territory, a theme, the kind of blockage.
FITS: Final = 12
#: Shared by how much of the project it is about (all its themes: whole)…
THEMES_COVERED: Final = 10
#: … and by how much of it is about the project (one theme of one: whole; one of ten: a tenth).
THEMES_PRECISE: Final = 8
#: A record on every theme says nothing of this one: it has these points and none of the two above.
THEMES_GENERAL: Final = 8
#: It names the phase, the holder's nature; one open to all is left at half.
PHASE_NAMED: Final = 8
AUDIENCE_NAMED: Final = 6
#: The nearer whoever gives it, the sooner they answer.
AREA: Final[dict[Scale, int]] = {
    Scale.COMMUNE: 12,
    Scale.EPCI: 12,
    Scale.DEPARTEMENT: 10,
    Scale.REGION: 7,
    Scale.NATIONAL: 4,
}
#: Shares words with what was written of the blockage and of the project.
WORDS: Final = 30
#: The rank of PostgreSQL from which it shares enough of them.
WORDS_ENOUGH: Final = 0.06
#: The same record was engaged or realised where a like blockage was lifted nearby.
HELPED_NEARBY: Final = 6
#: Hardly time left to apply; nobody has checked the record with whoever gives it.
CLOSES_SOON: Final = -6
UNVERIFIED: Final = -3
#: The days under which it is soon.
SOON_DAYS: Final = 10

#: What first answers a blockage of that kind; the other natures may help, later.
ANSWERS: Final[dict[BlockageKind, dict[ResourceKind, int]]] = {
    BlockageKind.FINANCEMENT: {ResourceKind.AID: 14},
    BlockageKind.INGENIERIE: {ResourceKind.ENGINEERING: 14, ResourceKind.EXPERT: 8},
    BlockageKind.FONCIER: {
        ResourceKind.ENGINEERING: 11,
        ResourceKind.SERVICE: 11,
        ResourceKind.EXPERT: 7,
    },
    BlockageKind.REGLEMENTAIRE: {
        ResourceKind.SERVICE: 14,
        ResourceKind.EXPERT: 11,
        ResourceKind.GUIDE: 6,
    },
    BlockageKind.PARTENAIRES: {
        ResourceKind.SERVICE: 11,
        ResourceKind.EXPERT: 11,
        ResourceKind.ENGINEERING: 6,
    },
    BlockageKind.GOUVERNANCE: {
        ResourceKind.ENGINEERING: 11,
        ResourceKind.EXPERT: 11,
        ResourceKind.GUIDE: 8,
    },
}

#: Somebody of a State service who follows a theme of the project.
SERVICE_FITS: Final = 34
SERVICE_THEMES: Final = 20
#: Their word counts most where a rule or a method is missing.
SERVICE_ANSWERS: Final[dict[BlockageKind, int]] = {
    BlockageKind.REGLEMENTAIRE: 20,
    BlockageKind.INGENIERIE: 12,
    BlockageKind.FONCIER: 12,
    BlockageKind.GOUVERNANCE: 10,
    BlockageKind.PARTENAIRES: 8,
    BlockageKind.FINANCEMENT: 6,
}
SERVICE_ALREADY_THERE: Final = -8

#: A free space. Half of it for how near it is, the rest for how often it is free and how it fits.
PLACE_FITS: Final = 40
PLACE_NEAR: Final = 25
PLACE_OFTEN_FREE: Final = 20
#: Hardly larger than needed; a hall ten times too large has none of it.
PLACE_RIGHT_SIZE: Final = 10
PLACE_ACCESSIBLE: Final = 5

#: Under this, it is noise: not shown.
FLOOR: Final = 44
#: How many are shown of each nature: more is not read.
MOST_OF_A_KIND: Final = 6
MOST_PLACES: Final = 5
MOST_PEOPLE: Final = 3
