"""Where fields come from: what a source said, when, and what it says now.

A source never writes a field: a person does, once what the source says has been shown to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from preau.outside.models import FieldSource

MOST = 400


def _of(subject: models.Model) -> Q:
    return Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


def note(subject: models.Model, said: Mapping[str, str], *, source: str, at: datetime) -> None:
    """Write down what the source said of these fields when somebody filled them from it."""
    for field, text in said.items():
        FieldSource.objects.update_or_create(
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            field=field,
            defaults={
                "source": source,
                "said": text[:MOST],
                "at": at,
                "offered": "",
                "offered_at": None,
            },
        )


def of_subject(subject: models.Model) -> dict[str, FieldSource]:
    """By field."""
    return {one.field: one for one in FieldSource.objects.filter(_of(subject))}


@transaction.atomic
def refresh(
    subject: models.Model,
    *,
    source: str,
    said: Mapping[str, str],
    now_here: Mapping[str, str],
    at: datetime,
) -> int:
    """What the source says today. How many fields it now says something new of.

    Args:
        now_here: what each field holds, in the source's words.
    """
    offered = 0
    rows = FieldSource.objects.select_for_update().filter(_of(subject), source=source)
    for row in rows.order_by("pk"):
        text = said.get(row.field, "")[:MOST]
        row.at = at
        if not text or text in {row.said, now_here.get(row.field)}:
            row.said = text or row.said
            row.offered, row.offered_at = "", None
        elif text != row.offered:
            row.offered, row.offered_at = text, at
            offered += 1
        row.save(update_fields=["at", "said", "offered", "offered_at"])
    return offered


def decide(row: FieldSource) -> None:
    """What was offered is known, taken or not: it is not offered again until it changes."""
    FieldSource.objects.filter(pk=row.pk, offered=row.offered).update(
        said=row.offered, offered="", offered_at=None
    )


def checked(subject: models.Model, *, source: str, at: datetime) -> None:
    """The source no longer knows it: what it said stays, and is not asked again at once."""
    put_off(subject._meta.label_lower, str(subject.pk), source=source, at=at)


def put_off(subject_type: str, subject_id: str, *, source: str, at: datetime) -> None:
    """The same of a thing that may be gone."""
    rows = FieldSource.objects.filter(subject_type=subject_type, subject_id=subject_id)
    rows.filter(source=source).update(at=at)


def forget(subject: models.Model) -> None:
    FieldSource.objects.filter(_of(subject)).delete()


def oldest(subject_type: str, *, source: str, before: datetime, most: int) -> list[str]:
    """Keys of the things whose fields were compared longest ago."""
    rows = (
        FieldSource.objects.filter(subject_type=subject_type, source=source)
        .values("subject_id")
        .annotate(last=models.Max("at"))
        .filter(last__lt=before)
        .order_by("last")
    )
    return [one["subject_id"] for one in rows[:most]]
