"""From the address of a page to the thing it is about, or 404."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from preau.places.models import Place
from preau.pricing.loading import PARTS
from preau.pricing.models import Tariff


def load_tariff(*, tariff_id: int) -> Tariff:
    tariffs = Tariff.objects.select_related("organization").prefetch_related(*PARTS)
    return get_object_or_404(tariffs, pk=tariff_id)


def load_place(*, place_id: int) -> Place:
    return get_object_or_404(Place.objects.select_related("owner", "commune"), pk=place_id)
