"""Prices worked out by hand, in euros. `tests/pricing/test_cases.py` runs them all.

The grids are those of a real town. In 2027, 1 March is a Monday; the clocks change on Sunday
28 March (23 hours) and on Sunday 31 October (25 hours). A half-day is 8–13 h or 13–18 h, an
evening 18 h–2 h, a day 0 h–2 h, a week-end Friday 18 h–Sunday 24 h.
"""

from dataclasses import dataclass, field

from preau.pricing.enums import OptionUnit, QuotaKind, QuotaPer, RateUnit, Residence
from preau.pricing.grids import Cell, Grid, OptionRule, QuotaRule, SeasonDays

H, HD, E, D, W, F = (
    RateUnit.HOUR, RateUnit.HALF_DAY, RateUnit.EVENING, RateUnit.DAY, RateUnit.WEEKEND,
    RateUnit.FLAT,
)  # fmt: skip
LOCAL = Residence.LOCAL
SUMMER = SeasonDays("été", 615, 915)
WINTER = SeasonDays("hiver", 1115, 315)


def row(audience="", residence="", season=None, **euros):
    units = {"h": H, "half": HD, "evening": E, "day": D, "weekend": W, "flat": F}
    return [
        Cell(units[unit], amount * 100, audience, residence, season)
        for unit, amount in euros.items()
    ]


def grid(*rows, minimum=0, quotas=()):
    cells = tuple(cell for one in rows for cell in one)
    return Grid("Essai", cells, minimum_cents=minimum * 100, quotas=quotas)


HALL_ROWS = (
    row(h=20, half=60, evening=90, day=140, weekend=300),
    row("particulier", LOCAL, h=12, half=40, evening=60, day=90, weekend=180),
    row("association", h=8, evening=25, day=50),
    row("association", LOCAL, h=5),
    row("entreprise", h=30, day=200),
    row(season=SUMMER, day=180),
    row("particulier", LOCAL, SUMMER, day=110),
)
TWO_A_YEAR = QuotaRule(1, QuotaKind.COUNT, 2, QuotaPer.YEAR, False, "association", LOCAL)
TEN_HOURS = QuotaRule(2, QuotaKind.MINUTES, 600, QuotaPer.WEEK, True, "association", LOCAL)

HALL = grid(*HALL_ROWS, minimum=15)
HALL_2 = grid(*HALL_ROWS, minimum=15, quotas=(TWO_A_YEAR,))
CLASS = grid(row(h=5), quotas=(TEN_HOURS,))
STAGE = grid(row(day=400), row("entreprise", day=600))
MARKET = grid(row(flat=25))
KIOSK = grid(row(h=10, flat=25))
DESKS = grid(row(h=3, half=9))
HEATED = grid(row(h=6), row(h=8, season=WINTER))
NIGHTS = grid(row(evening=50))
FOR_SOME = grid(row("entreprise", day=200))
KIND = grid(row(h=20), row("association", h=0), minimum=15)

CLEANING = OptionRule(1, "Ménage", OptionUnit.BOOKING, 8000)
MICRO = OptionRule(2, "Micro", OptionUnit.UNIT, 1000)
TECHNICIAN = OptionRule(3, "Régisseur", OptionUnit.HOUR, 3500)
SCREEN = OptionRule(4, "Écran géant", OptionUnit.DAY, 5000)
BADGE = OptionRule(5, "Badge", OptionUnit.PERSON, 200)


@dataclass
class Case:
    """`dates` on the clock of Paris in 2027, as « 03-01 10:00 > 03-01 12:00 ». None: on request."""

    grid: Grid
    who: str
    dates: str
    euros: int | None
    more: dict = field(default_factory=dict)

    @property
    def title(self):
        return f"{self.who} {self.dates} {self.more or ''}"


def case(*given, **more):
    return Case(*given, more)


# Who: R resident from outside, RL of the commune, A association, AL of the commune, C company.
CASES = [
    # --- The grid of everyone: 20 an hour, 60 a half-day, 90 an evening, 140 a day, 300 a week-end
    case(HALL, "R", "03-01 10:00 > 03-01 10:15", 20),  # an hour begun is due
    case(HALL, "R", "03-01 10:00 > 03-01 11:00", 20),
    case(HALL, "R", "03-01 10:00 > 03-01 12:00", 40),  # 2 × 20
    case(HALL, "R", "03-01 10:00 > 03-01 12:30", 60),  # 3 hours begun, or one half-day: 60
    case(HALL, "R", "03-01 09:00 > 03-01 13:00", 60),  # half-day 60 < 4 × 20
    case(HALL, "R", "03-01 08:00 > 03-01 14:00", 80),  # half-day 60 + 1 hour 20
    case(HALL, "R", "03-01 08:00 > 03-01 18:00", 120),  # 2 half-days < a day at 140
    case(HALL, "R", "03-01 08:00 > 03-01 19:00", 140),  # 2 × 60 + 20, or the day: 140
    case(HALL, "R", "03-01 08:00 > 03-01 22:00", 140),  # the day
    case(HALL, "R", "03-01 18:00 > 03-01 20:00", 40),  # 2 × 20
    case(HALL, "R", "03-01 18:00 > 03-01 23:00", 90),  # the evening < 5 × 20
    case(HALL, "R", "03-01 18:00 > 03-02 02:00", 90),  # the evening runs to 2 h
    case(HALL, "R", "03-01 18:00 > 03-02 03:00", 110),  # 90 + 20
    case(HALL, "R", "03-01 14:00 > 03-02 00:00", 140),  # the day < half-day 60 + evening 90
    case(HALL, "R", "03-01 10:00 > 03-02 02:00", 140),  # the day runs to 2 h
    case(HALL, "R", "03-01 10:00 > 03-02 04:00", 180),  # 140 + 2 × 20
    case(HALL, "R", "03-06 10:00 > 03-07 18:00", 280),  # Sat + Sun: 2 × 140 < week-end 300
    case(HALL, "R", "03-05 18:00 > 03-07 20:00", 300),  # week-end < 90 + 140 + 140
    case(HALL, "R", "03-05 17:00 > 03-07 20:00", 320),  # 300 + 20
    case(HALL, "R", "03-05 10:00 > 03-08 00:00", 420),  # 2 × 60 on Friday + 300
    case(HALL, "R", "03-06 10:00 > 03-08 02:00", 280),  # Sunday's day runs to Monday 2 h: 2 × 140
    # --- Residents of the commune: 12, 40, 60, 90, 180
    case(HALL, "RL", "03-01 10:00 > 03-01 11:00", 15),  # 12, raised to the minimum of 15
    case(HALL, "RL", "03-01 10:00 > 03-01 12:00", 24),
    case(HALL, "RL", "03-01 09:00 > 03-01 13:00", 40),  # half-day < 48
    case(HALL, "RL", "03-01 18:00 > 03-02 00:00", 60),  # evening < 72
    case(HALL, "RL", "03-01 08:00 > 03-01 18:00", 80),  # 2 × 40 < 90
    case(HALL, "RL", "03-01 08:00 > 03-01 22:00", 90),  # day < 40 + 40 + 48
    case(HALL, "RL", "03-05 18:00 > 03-08 00:00", 180),  # week-end
    # --- Associations: 8 an hour, 25 an evening, 50 a day; a half-day is everyone's 60
    case(HALL, "A", "03-01 10:00 > 03-01 11:00", 15),  # 8 raised to 15
    case(HALL, "A", "03-01 10:00 > 03-01 12:00", 16),
    case(HALL, "A", "03-01 18:00 > 03-01 20:00", 16),
    case(HALL, "A", "03-01 18:00 > 03-01 22:00", 25),  # evening < 32
    case(HALL, "A", "03-01 08:00 > 03-01 18:00", 50),  # day < 80
    case(HALL, "A", "03-01 14:00 > 03-01 22:00", 50),  # day < 4 × 8 + 25
    case(HALL, "A", "07-10 08:00 > 07-10 18:00", 50),  # their own price comes before the season
    # --- Associations of the commune: 5 an hour, the rest as other associations
    case(HALL, "AL", "03-01 10:00 > 03-01 12:00", 15),  # 10 raised to 15
    case(HALL, "AL", "03-01 10:00 > 03-01 14:00", 20),
    case(HALL, "AL", "03-01 08:00 > 03-01 13:00", 25),  # 5 × 5 < 60
    case(HALL, "AL", "03-01 18:00 > 03-02 00:00", 25),  # evening < 30
    case(HALL, "AL", "03-01 08:00 > 03-01 18:00", 50),  # 10 × 5, or the day
    # --- Companies: 30 an hour, 200 a day; half-days and evenings are everyone's
    case(HALL, "C", "03-01 10:00 > 03-01 11:00", 30),
    case(HALL, "C", "03-01 10:00 > 03-01 12:00", 60),  # 2 × 30, or half-day 60
    case(HALL, "C", "03-01 09:00 > 03-01 12:00", 60),  # half-day < 90
    case(HALL, "C", "03-01 08:00 > 03-01 18:00", 120),  # 2 × 60 < 200
    case(HALL, "C", "03-01 08:00 > 03-02 00:00", 200),  # day < 60 + 60 + 90
    # --- Summer, 15 June to 15 September: a day at 180, 110 for residents of the commune
    case(HALL, "R", "06-14 08:00 > 06-14 22:00", 140),
    case(HALL, "R", "06-15 08:00 > 06-15 22:00", 180),  # < 2 × 60 + 4 × 20
    case(HALL, "R", "09-15 08:00 > 09-15 22:00", 180),
    case(HALL, "R", "09-16 08:00 > 09-16 22:00", 140),
    case(HALL, "R", "06-14 10:00 > 06-15 22:00", 320),  # 140 + 180
    case(HALL, "RL", "07-10 08:00 > 07-10 22:00", 110),  # < 40 + 40 + 48
    case(HALL, "RL", "07-10 08:00 > 07-10 18:00", 80),  # 2 half-days
    case(HALL, "RL", "07-09 18:00 > 07-11 22:00", 180),  # week-end < 60 + 110 + 110
    # --- A season over the new year: 8 from 15 November to 15 March, 6 otherwise
    case(HEATED, "R", "01-10 10:00 > 01-10 12:00", 16),
    case(HEATED, "R", "03-15 10:00 > 03-15 12:00", 16),
    case(HEATED, "R", "03-16 10:00 > 03-16 12:00", 12),
    case(HEATED, "R", "11-14 10:00 > 11-14 12:00", 12),
    case(HEATED, "R", "11-14 23:00 > 11-15 01:00", 14),  # 6 before midnight + 8 after
    # --- The two Sundays of the clocks
    case(HALL, "R", "03-27 22:00 > 03-28 04:00", 100),  # 5 hours elapse: 5 × 20 < 90 + 20
    case(HALL, "R", "10-30 22:00 > 10-31 04:00", 140),  # 7 hours: 7 × 20 < 90 + 3 × 20
    case(HALL, "R", "03-28 08:00 > 03-28 22:00", 140),  # a day of 23 hours is a day
    case(HALL, "R", "10-31 00:00 > 11-01 00:00", 140),  # a day of 25 hours too
    # --- Two free bookings a year for associations of the commune
    case(HALL_2, "AL", "03-01 10:00 > 03-01 14:00", 0),
    case(HALL_2, "AL", "03-01 10:00 > 03-01 14:00, 03-08 10:00 > 03-08 14:00", 0),
    case(HALL_2, "AL", "03-01 10:00 > 03-01 14:00, 03-08 10:00 > 03-08 14:00", 20, used={1: 1}),
    case(HALL_2, "AL", "03-01 10:00 > 03-01 14:00", 20, used={1: 2}),
    case(HALL_2, "AL", "03-01 10:00 > 03-01 11:00", 15, used={1: 2}),  # 5 raised to 15
    case(HALL_2, "A", "03-01 10:00 > 03-01 14:00", 32),  # not of the commune: 4 × 8
    # --- Ten free hours a week in term for them, in a class-room at 5 an hour
    case(CLASS, "AL", "03-02 18:00 > 03-02 20:00", 0),
    case(CLASS, "AL", "03-02 18:00 > 03-02 20:00", 5, used={2: 540}),  # 1 h left: 1 × 5 to pay
    case(CLASS, "AL", "03-02 18:00 > 03-02 20:30", 10, used={2: 540}),  # 1 h 30 to pay: 2 begun
    case(CLASS, "AL", "03-02 18:00 > 03-02 20:00", 10, used={2: 600}),
    case(CLASS, "AL", "03-02 18:00 > 03-02 20:00", 10, term=False),
    case(CLASS, "A", "03-02 18:00 > 03-02 20:00", 10),
    case(CLASS, "AL", "03-02 18:00 > 03-02 20:00, 03-09 18:00 > 03-09 20:00", 0),
    case(  # 4 × 2 h 30 are free, the fifth is paid: 3 hours begun × 5
        CLASS,
        "AL",
        ", ".join(f"03-0{day} 18:00 > 03-0{day} 20:30" for day in (1, 2, 3, 4, 5)),
        15,
    ),
    # --- Options and several days: 400 a day, 600 for companies
    case(STAGE, "C", "03-02 09:00 > 03-03 18:00", 1200),  # 2 × 600
    case(  # 1200 + 50 × 2 days + 3 × 10 + 80
        STAGE,
        "C",
        "03-02 09:00 > 03-03 18:00",
        1410,
        options=[(SCREEN, 1), (MICRO, 3), (CLEANING, 1)],
    ),
    case(STAGE, "C", "03-02 09:00 > 03-02 12:00", 705, options=[(TECHNICIAN, 1)]),  # 600 + 3 × 35
    case(STAGE, "C", "03-02 09:00 > 03-02 12:30", 740, options=[(TECHNICIAN, 1)]),  # 4 h begun
    case(STAGE, "C", "03-02 09:00 > 03-02 12:00", 840, options=[(BADGE, 1)], people=120),  # + 240
    case(STAGE, "A", "03-02 18:00 > 03-03 02:00", 450, options=[(SCREEN, 1)]),  # one day: 400 + 50
    case(  # 2 × 400 + 2 dates × 2 × 10
        STAGE,
        "A",
        "03-02 09:00 > 03-02 18:00, 03-09 09:00 > 03-09 18:00",
        840,
        options=[(MICRO, 2)],
    ),
    # --- Flat prices, pools, what is free, what is on request
    case(MARKET, "R", "03-06 06:00 > 03-06 14:00", 25),
    case(MARKET, "R", "03-06 06:00 > 03-06 14:00, 04-03 06:00 > 04-03 14:00", 50),
    case(KIOSK, "R", "03-06 06:00 > 03-06 08:00", 20),  # 2 × 10 < 25
    case(KIOSK, "R", "03-06 06:00 > 03-06 14:00", 25),  # 25 < 8 × 10
    case(DESKS, "R", "03-01 10:00 > 03-01 12:00", 24, quantity=4),  # 2 × 3 × 4
    case(DESKS, "R", "03-01 09:00 > 03-01 13:00", 36, quantity=4),  # 9 × 4
    case(KIND, "A", "03-01 10:00 > 03-01 12:00", 0),  # free stays free: no minimum
    case(NIGHTS, "R", "03-01 18:00 > 03-01 23:00", 50),
    case(NIGHTS, "R", "03-01 17:00 > 03-01 23:00", None),  # nothing prices 17–18 h
    case(FOR_SOME, "A", "03-01 10:00 > 03-01 12:00", None),
]
