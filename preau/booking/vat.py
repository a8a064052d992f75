"""What an office that asks VAT lacks: the rate of each tariff of its places."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest

from preau.core.cards import Panel
from preau.core.vat import WITHOUT_VAT, percent
from preau.payments.enums import VatRegime
from preau.payments.models import CollectingOffice
from preau.payments.queries import places_of
from preau.pricing.models import Tariff


def tariffs_without_rate(office: CollectingOffice) -> list[Tariff]:
    """Those in use where it collects, and where VAT exists."""
    places = places_of(office).exclude(departement_code__in=WITHOUT_VAT)
    used = Q(assignments__place__in=places) | Q(assignments__space__place__in=places)
    return list(Tariff.objects.filter(used, vat_rate=None, is_archived=False).distinct())


def alert(request: HttpRequest, office: CollectingOffice) -> Panel | None:
    """Its bills would say a rate that their own prices do not."""
    if office.vat_regime != VatRegime.LIABLE:
        return None
    tariffs = tariffs_without_rate(office)
    if not tariffs:
        return None
    return Panel(
        "TVA",
        "booking/office_vat.html",
        {"rate": percent(office.vat_rate or 0), "tariffs": tariffs},
    )
