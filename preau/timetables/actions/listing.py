"""What the directory says of a place: the services held there, and when."""

from __future__ import annotations

from preau.accounts.actors import SYSTEM
from preau.directory.actions.offers import add_offer, remove_offer
from preau.directory.enums import ServiceLevel
from preau.directory.models import ServiceOffer, Sheet
from preau.timetables.models import Hosting, Residency
from preau.timetables.queries.providers import provider_of
from preau.timetables.seasons import when_words


def write(hosting: Hosting) -> None:
    """One line a service on the sheet of the place, if it has one: « le mardi matin »."""
    sheet = Sheet.objects.filter(place=hosting.place_id).first()
    if sheet is None:
        return
    by_need: dict[int, list[Residency]] = {}
    for one in hosting.residencies.select_related("need__provider"):
        by_need.setdefault(one.need_id, []).append(one)
    timetable = hosting.timetable
    for residencies in by_need.values():
        need = residencies[0].need
        words = [when_words(timetable, one.day, one.start, one.end) for one in residencies]
        add_offer(
            sheet,
            {
                "family": need.family,
                "theme": need.theme,
                "name": need.label,
                "level": ServiceLevel.BASIC,
                "provider": provider_of(need),
                "provider_name": need.provider_name,
                "when": " ; ".join(words)[:200],
                "external_id": _line(hosting, need.pk),
                "since": timetable.first_day,
                "until": timetable.last_day,
            },
            actor=SYSTEM,
        )


def erase(hosting: Hosting) -> None:
    """They are held there no more."""
    starts = _line(hosting, 0).removesuffix("0")
    rows = ServiceOffer.objects.filter(
        sheet__place=hosting.place_id, external_id__startswith=starts
    )
    for offer in rows.select_related("sheet"):
        remove_offer(offer, actor=SYSTEM)


def _line(hosting: Hosting, need_id: int) -> str:
    return f"residency:{hosting.pk}:{need_id}"
