"""Tariffs ready to be computed with."""

from preau.pricing.enums import RateUnit
from preau.pricing.models import Rate, Tariff, TariffAssignment


def tariff_for(subject, name="Salle des fêtes", **rates):
    """A tariff that holds in a place or a space; `HOUR=1000, DAY=6000` in cents for everyone."""
    place = getattr(subject, "place", subject)
    tariff = Tariff.objects.create(organization=place.owner, name=name)
    where = {"space": subject} if subject is not place else {"place": place}
    TariffAssignment.objects.create(tariff=tariff, **where)
    for unit, cents in (rates or {"HOUR": 1000, "DAY": 6000}).items():
        Rate.objects.create(tariff=tariff, unit=RateUnit[unit], amount_cents=cents)
    return tariff
