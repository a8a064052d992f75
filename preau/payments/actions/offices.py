"""Opening an office, changing how it collects, which places it serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.accounts.perms import require_verified
from preau.core import audit
from preau.core.errors import Refusal
from preau.core.vat import WITHOUT_VAT, why_not
from preau.payments.enums import OfficeMode, VatRegime
from preau.payments.events import office_changed
from preau.payments.models import CollectingOffice, OfficePlace
from preau.payments.perms import require
from preau.payments.queries import places_of
from preau.places.models import Place


@transaction.atomic
def open_office(
    organization: Organization, facts: Mapping[str, Any], places: Iterable[Place], *, actor: Actor
) -> CollectingOffice:
    """A régie or a finance service of an organisation.

    Raises:
        Refusal: see `change_office`; the organisation is not verified.
    """
    require(actor, "payments.set_up", organization)
    require_verified(actor)
    office = CollectingOffice(organization=organization)
    _write(office, facts, places, actor)
    audit.record(actor, "office.opened", office, mode=office.mode)
    return office


@transaction.atomic
def change_office(
    office: CollectingOffice, facts: Mapping[str, Any], places: Iterable[Place], *, actor: Actor
) -> None:
    """What is due already stays due to it; what waited to be paid first follows what it asks now.

    Raises:
        Refusal: PayFiP without its number, the trial in production, a second office for all, a
            rate of VAT that does not exist where it collects, its VAT number taken away.
    """
    require(actor, "payments.set_up", office)
    was = CollectingOffice.objects.get(pk=office.pk)
    _write(office, facts, places, actor)
    _keep_number(was, office)
    audit.record(actor, "office.changed", office, mode=office.mode)
    if (was.mode, was.pay_when) != (office.mode, office.pay_when):
        office_changed.send(sender=CollectingOffice, office=office)


def _keep_number(was: CollectingOffice, office: CollectingOffice) -> None:
    """Invoices of what was asked with VAT still bear it. While the office is liable it stays, so
    that what is being asked at this very moment is not forgotten."""
    if office.vat_number or not was.vat_number:
        return
    if (
        was.vat_regime == VatRegime.LIABLE
        or office.dues.filter(vat_regime=VatRegime.LIABLE).exists()
    ):
        raise Refusal(
            "Laissez le numéro de TVA : les factures des sommes déjà demandées le portent encore. "
            "Il ne figurera pas sur les suivantes.",
            field="vat_number",
        )


def _write(
    office: CollectingOffice, facts: Mapping[str, Any], places: Iterable[Place], actor: Actor
) -> None:
    for name, value in facts.items():
        setattr(office, name, value)
    if office.mode == OfficeMode.TEST and settings.IS_PRODUCTION:
        raise Refusal("Le paiement d’essai n’existe pas sur ce site.", field="mode")
    others = CollectingOffice.objects.filter(
        organization=office.organization, is_default=True, closed_at=None
    ).exclude(pk=office.pk)
    if office.is_default and (other := others.first()) is not None:
        raise Refusal(
            f"« {other.name} » sert déjà tous les lieux : retirez-lui d’abord ce rôle.",
            field="is_default",
        )
    office.save()
    _serve(office, places)
    if office.vat_regime == VatRegime.LIABLE:
        _check_rate(office)


def _check_rate(office: CollectingOffice) -> None:
    """VAT is that of where the premises stand (CGI, article 259 A, 2°)."""
    there = set(places_of(office).values_list("departement_code", flat=True))
    taxed = there - WITHOUT_VAT  # elsewhere its sums are asked without VAT
    seat = office.organization.commune.departement_id
    if sentence := why_not(office.vat_rate or 0, taxed or there or {seat}):
        raise Refusal(sentence, field="vat_rate")


def _serve(office: CollectingOffice, places: Iterable[Place]) -> None:
    """These places, and no other, are its own; a place leaves the office it had."""
    chosen = list(places)
    OfficePlace.objects.filter(office=office).exclude(place__in=chosen).delete()
    for place in chosen:
        OfficePlace.objects.update_or_create(place=place, defaults={"office": office})


def settle_merge(source: Organization, target: Organization) -> None:
    """Two organisations become one: one office at most serves all the places by default."""
    found = CollectingOffice.objects.filter(is_default=True, closed_at=None)
    if found.filter(organization=target).exists():
        for office in found.filter(organization=source):
            places = Place.objects.filter(owner=source)
            taken = OfficePlace.objects.filter(place__in=places).values("place")
            for place in places.exclude(pk__in=taken):
                OfficePlace.objects.create(place=place, office=office)
            office.is_default = False
            office.save(update_fields=["is_default"])
