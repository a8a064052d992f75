"""What every write of this room shares: checked saving, free addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection, models
from django.utils.text import slugify

from preau.core.errors import Refusal


def refusal_of(error: ValidationError) -> Refusal:
    """The first fault Django found, as a refusal on its field."""
    if hasattr(error, "error_dict"):
        field, messages = next(iter(error.message_dict.items()))
        return Refusal(messages[0], field="" if field == NON_FIELD_ERRORS else field)
    return Refusal(error.messages[0])


def save_checked(instance: models.Model) -> None:
    """Save after the checks of the model and of its constraints.

    Raises:
        Refusal: with the sentence of the first rule broken.
    """
    try:
        instance.full_clean(validate_unique=True)
    except ValidationError as error:
        raise refusal_of(error) from error
    instance.save()


def assign(instance: models.Model, allowed: frozenset[str], values: Mapping[str, Any]) -> list[str]:
    """Set the values on the instance and return the names of those that changed."""
    unknown = values.keys() - allowed
    if unknown:
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}")
    changed = [name for name, value in values.items() if getattr(instance, name) != value]
    for name in changed:
        setattr(instance, name, values[name])
    return changed


def free_slug(rows: models.QuerySet[Any], text: str, fallback: str) -> str:
    """An address no other row has: `salle-des-fetes`, then `salle-des-fetes-2`…"""
    base = slugify(text)[:120].strip("-") or fallback
    with connection.cursor() as cursor:  # two people naming the same thing take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [base])
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
