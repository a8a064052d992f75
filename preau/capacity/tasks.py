"""The night's part: the capacity of each département."""

from __future__ import annotations

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from preau.capacity import summaries
from preau.capacity.actions.wanted import forget_old_searches
from preau.capacity.models import CapacityRun
from preau.places.enums import Publication
from preau.places.models import Place


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="capacity.refresh")
def refresh(timestamp: int) -> int:
    """One task a département: several workers share them."""
    forget_old_searches()
    published = Place.objects.filter(publication=Publication.PUBLISHED)
    codes = set(published.values_list("departement_code", flat=True).distinct())
    codes |= set(CapacityRun.objects.values_list("departement_code", flat=True))
    for code in sorted(codes):
        try:
            refresh_departement.configure(queueing_lock=f"capacity.refresh.{code}").defer(
                departement=code
            )
        except AlreadyEnqueued:
            continue
    return len(codes)


@app.task(name="capacity.refresh_departement")
def refresh_departement(departement: str) -> int:
    return summaries.refresh(departement)
