"""Tariffs: written, shared by places and spaces, copied, put away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Organization
from preau.core import audit
from preau.core.errors import Refusal
from preau.core.vat import why_not
from preau.places.models import Place, Space
from preau.pricing.models import (
    CancellationTier,
    Deposit,
    Option,
    Quota,
    Rate,
    Season,
    Tariff,
    TariffAssignment,
)
from preau.pricing.queries import where_it_holds

#: (season or None, audience, residence, unit) → cents.
Amounts = Mapping[tuple[int | None, str, str, str], int]
Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def create_tariff(*, actor: Actor, organization: Organization, name: str) -> Tariff:
    tariff = Tariff(organization=organization, name=name.strip())
    _checked(tariff).save()
    audit.record(actor, "tariff.created", tariff)
    return tariff


@transaction.atomic
def edit_tariff(tariff: Tariff, *, actor: Actor, **values: Any) -> Tariff:
    """Name, words, hours, minimum.

    Raises:
        Refusal: a rate of VAT that does not exist where the tariff holds.
    """
    tariff = _locked(tariff)
    for name, value in values.items():
        setattr(tariff, name, value)
    tariff.version += 1
    held = where_it_holds(tariff)
    _check_rate(tariff, held.places, held.spaces)
    _checked(tariff).save()
    audit.record(actor, "tariff.edited", tariff)
    return tariff


@transaction.atomic
def save_grid(tariff: Tariff, amounts: Amounts, *, seen: int | None, actor: Actor) -> Tariff:
    """Replace every price of the grid. Prices already frozen do not change.

    Raises:
        Refusal: `changed`, somebody else has saved since the page was opened.
    """
    tariff = _locked(tariff)
    if seen is not None and seen != tariff.version:
        raise Refusal(
            "Quelqu’un d’autre a modifié ce tarif pendant que vous le remplissiez. "
            "Vérifiez la grille, puis enregistrez de nouveau pour garder la vôtre.",
            code="changed",
        )
    tariff.rates.all().delete()
    Rate.objects.bulk_create(
        Rate(
            tariff=tariff,
            season_id=season,
            audience=audience,
            residence=residence,
            unit=unit,
            amount_cents=cents,
        )
        for (season, audience, residence, unit), cents in amounts.items()
    )
    tariff.version += 1
    tariff.save(update_fields=["version"])
    audit.record(actor, "tariff.grid_saved", tariff, prices=len(amounts))
    return tariff


@transaction.atomic
def save_lines(
    owner: Tariff | Place,
    model: type[Season | Quota | Deposit | CancellationTier | Option],
    rows: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
) -> None:
    """Write the seasons, quotas, deposits… of a tariff, or the options of a place.

    A row with an `id` changes what is there; with `remove`, takes it away (what has served is put
    away, never deleted).

    Raises:
        Refusal: a row the rules do not allow; nothing is written.
    """
    link: dict[str, Any] = {"tariff": owner} if isinstance(owner, Tariff) else {"place": owner}
    there: dict[int, models.Model] = {one.pk: one for one in model.objects.filter(**link)}
    if model is Option:
        link["organization_id"] = owner.organization_id if "tariff" in link else owner.owner_id  # type: ignore[union-attr]
    for row in sorted(rows, key=lambda row: not row.get("remove")):
        line = there.get(row.get("id") or 0) or model(**link)
        if row.get("remove"):
            _put_away(line)
            continue
        spaces = row.get("spaces")
        for name, value in row.items():
            if name not in {"id", "remove", "spaces"}:
                setattr(line, name, value)
        _checked(line).save()
        if spaces is not None and isinstance(line, Option):
            line.spaces.set(spaces)
    audit.record(actor, f"tariff.{model._meta.model_name}_saved", owner)


@transaction.atomic
def assign(
    tariff: Tariff, *, places: Sequence[Place], spaces: Sequence[Space], actor: Actor
) -> None:
    """Let the tariff hold in exactly these places and spaces; others of its own lose it.

    Raises:
        Refusal: a place of another organisation, a tariff put away, a rate of VAT that does not
            exist there.
    """
    tariff = _locked(tariff)
    owners = {place.owner_id for place in places} | {space.place.owner_id for space in spaces}
    if owners - {tariff.organization_id}:
        raise Refusal("Ce tarif ne s’applique qu’aux lieux de sa structure.", code="other_owner")
    if tariff.is_archived and (places or spaces):
        raise Refusal("Ce tarif est archivé : dupliquez-le pour vous en servir.", code="gone")
    _check_rate(tariff, places, spaces)
    tariff.assignments.exclude(place__in=places).filter(space=None).delete()
    tariff.assignments.exclude(space__in=spaces).filter(place=None).delete()
    for place in places:
        TariffAssignment.objects.update_or_create(place=place, defaults={"tariff": tariff})
    for space in spaces:
        TariffAssignment.objects.update_or_create(space=space, defaults={"tariff": tariff})
    audit.record(
        actor,
        "tariff.assigned",
        tariff,
        places=[place.pk for place in places],
        spaces=[space.pk for space in spaces],
    )


@transaction.atomic
def duplicate(tariff: Tariff, *, actor: Actor) -> Tariff:
    """A copy to change, assigned nowhere."""
    copy = Tariff.objects.get(pk=tariff.pk)
    copy.pk, copy.is_archived, copy.version = None, False, 1
    copy.name = _free_name(tariff)
    _checked(copy).save()
    seasons = {}
    for season in tariff.seasons.all():
        old = season.pk
        seasons[old] = _copied(season, copy)
    for rate in tariff.rates.all():
        rate.season = seasons[rate.season_id] if rate.season_id else None
        _copied(rate, copy)
    for line in [
        *tariff.deposits.all(),
        *tariff.cancellation_tiers.all(),
        *tariff.quotas.filter(is_archived=False),
        *tariff.options.filter(is_archived=False),
    ]:
        _copied(line, copy)
    audit.record(actor, "tariff.duplicated", copy, source=tariff.pk)
    return copy


@transaction.atomic
def archive(tariff: Tariff, *, actor: Actor) -> None:
    """Put a tariff away. Prices frozen with it stay as they are.

    Raises:
        Refusal: it still holds somewhere.
    """
    tariff = _locked(tariff)
    if tariff.assignments.exists():
        raise Refusal(
            "Ce tarif s’applique encore à des lieux ou des espaces. Donnez-leur un autre tarif, "
            "puis archivez celui-ci.",
            code="in_use",
        )
    tariff.is_archived = True
    tariff.save(update_fields=["is_archived"])
    audit.record(actor, "tariff.archived", tariff)


# --- What the verbs share


def _check_rate(tariff: Tariff, places: Iterable[Place], spaces: Iterable[Space]) -> None:
    """VAT is that of where the premises stand (CGI, article 259 A, 2°)."""
    there = {one.departement_code for one in places}
    there |= {one.place.departement_code for one in spaces}
    if tariff.vat_rate is not None and (sentence := why_not(tariff.vat_rate, there)):
        raise Refusal(sentence, field="vat_rate")


def _locked(tariff: Tariff) -> Tariff:
    return Tariff.objects.select_for_update().get(pk=tariff.pk)


def _checked(row: Row) -> Row:
    """The row, once its own rules hold.

    Raises:
        Refusal: the sentence of the rule that does not.
    """
    try:
        row.validate_constraints()
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise Refusal(sentences[0], field="" if name == "__all__" else name) from error
    return row


def _put_away(line: models.Model) -> None:
    if line.pk is None:
        return
    if isinstance(line, Quota | Option):
        line.is_archived = True
        line.save(update_fields=["is_archived"])
    else:
        line.delete()


def _copied(line: Any, tariff: Tariff) -> Any:
    prices = list(line.prices.all()) if isinstance(line, Option) else []
    line.pk, line.tariff = None, tariff
    line._state.adding = True
    line.save()
    for price in prices:
        price.pk, price.option = None, line
        price.save()
    return line


def _free_name(tariff: Tariff) -> str:
    taken = set(tariff.organization.tariffs.values_list("name", flat=True))
    number, base = 1, tariff.name[:105]
    while (name := f"{base} (copie{f' {number}' if number > 1 else ''})") in taken:
        number += 1
    return name
