"""A price is frozen with a booking, and what it counts on is taken under guard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from django.db import IntegrityError, connection, transaction

from preau.accounts.actors import Actor
from preau.availability.models import Occupancy
from preau.core import audit, clock, rows
from preau.core.errors import Refusal
from preau.core.transactions import joined
from preau.places.models import Space
from preau.pricing.enums import LineKind
from preau.pricing.loading import Loaded, load
from preau.pricing.models import FrozenPrice, Option, OptionTaken, QuotaUse
from preau.pricing.payers import Payer
from preau.pricing.quotes import Line, Quote, Wanted, quote


@transaction.atomic
def freeze(
    space: Space,
    occupancies: Sequence[Occupancy],
    payer: Payer,
    *,
    actor: Actor,
    options: Sequence[Wanted] = (),
    attendance: int | None = None,
    replaces: FrozenPrice | None = None,
    agreed_cents: int | None = None,
) -> FrozenPrice:
    """Compute the price of these dates once and for all, and take its options and quotas.

    Call it in the transaction that makes the booking; if that fails, nothing is taken.

    Args:
        replaces: the price this one amends; what that one had taken is given back first.
        agreed_cents: the total that the person was shown; more than that is refused.

    Raises:
        Refusal: `option_gone`, not enough left of an option; `quota_gone`, somebody of the same
            organisation has used the free bookings meanwhile; `price_changed`, dearer than shown.
    """
    if replaces is not None:
        _release([int(key) for key in replaces.amounts])
    loaded = load([space])
    _queue(loaded, payer)
    found = quote(
        space,
        [one.span for one in occupancies],
        payer,
        options=options,
        quantity=occupancies[0].quantity,
        attendance=attendance,
        loaded=loaded,
    )
    _refuse_dearer(found, agreed_cents)
    if found.options or found.free:
        with _translated():
            _take(found, occupancies, payer)
    fresh = _row(found, payer, occupancies)
    fresh.terms |= {"attendance": attendance, "options": _asked(options)}
    fresh.replaces = replaces
    [price] = rows.insert([fresh])
    audit.record(actor, "price.frozen", price, total=price.total_cents)
    return price


def _row(found: Quote, payer: Payer, occupancies: Sequence[Occupancy]) -> FrozenPrice:
    return FrozenPrice(
        category=payer.category,
        is_local=found.is_local,
        tariff=found.tariff,
        lines=[asdict(line) for line in found.lines],
        total_cents=found.total_cents,
        deposit_cents=found.deposit_cents,
        is_on_request=found.on_request,
        amounts=_parts(occupancies, found.per_period),
        terms=dict(found.terms),
        computed_at=clock.now(),
    )


def _refuse_dearer(found: Quote, agreed_cents: int | None) -> None:
    if agreed_cents is not None and found.total_cents > agreed_cents:
        raise Refusal(
            "Le prix a changé depuis que cette page vous l’a montré. Relisez-le, puis confirmez.",
            code="price_changed",
        )


@transaction.atomic
def decide(price: FrozenPrice, total_cents: int, explanation: str, *, actor: Actor) -> FrozenPrice:
    """The manager sets the price themself: for one on request, or to grant another.

    What was taken of options and quotas stays taken.
    """
    if not explanation.strip():
        raise Refusal("Dites en une phrase pourquoi ce prix.", field="explanation", code="required")
    if FrozenPrice.objects.filter(replaces=price).exists():
        raise Refusal("Ce prix a déjà été remplacé. Rechargez la page.", code="gone")
    line = Line(
        LineKind.DECIDED, LineKind.DECIDED.label, 1, total_cents, total_cents, explanation.strip()
    )
    decided = FrozenPrice.objects.create(
        category=price.category,
        is_local=price.is_local,
        tariff=price.tariff,
        lines=[asdict(line)],
        total_cents=total_cents,
        deposit_cents=price.deposit_cents,
        amounts=_shared(total_cents, list(price.amounts)),
        terms=price.terms,
        replaces=price,
        computed_at=clock.now(),
    )
    audit.record(actor, "price.decided", decided, total=total_cents, reason=explanation)
    return decided


@joined
def give_back(price: FrozenPrice, occupancies: Sequence[Occupancy], *, actor: Actor) -> None:
    """Options and free quotas of these dates can be used again. Doing it twice is harmless."""
    if _release([one.pk for one in occupancies]):
        audit.record(actor, "price.given_back", price, dates=len(occupancies))


def _release(occupancy_ids: Iterable[int]) -> int:
    live = {"occupancy__in": list(occupancy_ids), "released_at": None}
    at = clock.now()
    return OptionTaken.objects.filter(**live).update(released_at=at) + QuotaUse.objects.filter(
        **live
    ).update(released_at=at)


def _queue(loaded: Loaded, payer: Payer) -> None:
    """Wait for the same holder's other bookings, so that the quotas read are those left.

    In the order of the quotas, and with the trigger's own keys, so that nobody waits in a ring.
    """
    holder = payer.holder
    if not payer.is_known:
        return
    with connection.cursor() as cursor:
        for quota in sorted(one.pk for one in loaded.quotas):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws("
                "':', 'pricing.quota', %s::bigint, %s::bigint, '/', %s::bigint), 0))",
                [quota, holder["organization_id"], holder["user_id"]],
            )


def _take(found: Quote, occupancies: Sequence[Occupancy], payer: Payer) -> None:
    """Options first, by number, then quotas: everybody locks in this order."""
    rules = sorted(found.options, key=lambda item: item[0].pk)
    list(Option.objects.filter(pk__in=[rule.pk for rule, _ in rules]).select_for_update())
    for rule, wanted in rules:
        OptionTaken.objects.bulk_create(
            OptionTaken(option_id=rule.pk, occupancy=one, quantity=wanted, busy=one.busy)
            for one in occupancies
        )
    QuotaUse.objects.bulk_create(
        QuotaUse(
            quota_id=use.quota.pk,
            window=use.window,
            occupancy=occupancies[use.index],
            amount=use.amount,
            **payer.holder,
        )
        for use in found.free
        if payer.is_known
    )


@contextmanager
def _translated() -> Iterator[None]:
    """The guards' refusals, in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name == "option_stock":
            raise Refusal(
                f"Il ne reste plus assez de « {_option_in(error)} » à cette date. "
                "Choisissez-en moins, ou retirez cette option.",
                field="options",
                code="option_gone",
            ) from error
        if name == "quota_limit":
            raise Refusal(
                "Les gratuités ont été utilisées entre-temps par votre structure. "
                "Relisez le prix, puis confirmez.",
                code="quota_gone",
            ) from error
        raise


def _option_in(error: IntegrityError) -> str:
    """The name of the option that the guard speaks of: « Option 12: 3 wanted at once… »."""
    found = re.search(r"Option (\d+):", str(error))
    option = Option.objects.filter(pk=found[1]).first() if found else None
    return option.name if option else "cette option"


def _parts(occupancies: Sequence[Occupancy], parts: Sequence[int]) -> dict[str, int]:
    return {str(one.pk): part for one, part in zip(occupancies, parts, strict=True)}


def _shared(total: int, keys: Sequence[str]) -> dict[str, int]:
    """Equal parts of a total, to the cent."""
    each, rest = divmod(total, len(keys)) if keys else (0, 0)
    return {key: each + (index < rest) for index, key in enumerate(keys)}


def _asked(options: Sequence[Wanted]) -> list[dict[str, int]]:
    return [{"id": one.option_id, "quantity": one.quantity} for one in options]
