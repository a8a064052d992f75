"""What becomes of each use that stands in the way of a closure."""

from __future__ import annotations

from typing import Any

from django import forms as fields

from preau.availability.enums import OccupancyKind
from preau.availability.models import Occupancy
from preau.booking.enums import BookingState
from preau.booking.forms.answers import SlotForm
from preau.booking.models import Booking
from preau.core import clock
from preau.desk.actions.closing import Decision


class DecisionForm(SlotForm):
    """Keep, move or cancel one use that stands in the way."""

    mark_optional = False

    verb = fields.ChoiceField(label="Que faire ?", widget=fields.RadioSelect)
    reason = fields.CharField(
        label="Message à l’occupant, si vous déplacez ou annulez", max_length=2000, required=False
    )
    field_order = ["verb", "day", "start", "end", "reason"]

    def __init__(
        self, *args: Any, occupancy: Occupancy, booking: Booking | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.occupancy, self.booking = occupancy, booking
        self.fields["verb"].choices = _choices(occupancy, booking)  # type: ignore[attr-defined]
        for name in ("day", "start", "end"):
            self.fields[name].required = self.is_bound and self._wants("deplacer")
        if len(self.fields["verb"].choices) < 3:  # type: ignore[attr-defined]
            for name in ("day", "start", "end", "reason"):
                del self.fields[name]

    def _wants(self, verb: str) -> bool:
        return bool(self.data.get(self.add_prefix("verb")) == verb)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        moves = data.get("verb") == "deplacer" and {"day", "start", "end"} <= data.keys()
        if moves and self.period.start < clock.now():
            self.add_error("day", "Ce créneau est passé. Choisissez une date à venir.")
        return data

    def decision(self, label: str) -> Decision:
        data = self.cleaned_data
        return Decision(
            occupancy_id=self.occupancy.pk,
            verb=data["verb"],
            period=self.period if data["verb"] == "deplacer" else None,
            reason=data.get("reason", "").strip() or f"Fermeture : {label}",
        )


def _choices(occupancy: Occupancy, booking: Booking | None) -> list[tuple[str, str]]:
    keep = ("garder", "La garder : on ferme autour")
    if occupancy.kind == OccupancyKind.OWN_USE:
        return [keep, ("annuler", "La rendre : ce temps devient fermé")]
    if occupancy.kind == OccupancyKind.CLOSURE:
        return [("garder", "La laisser : on ferme le reste"), ("annuler", "La remplacer")]
    if booking is None or booking.state == BookingState.HELD:
        return [keep]
    return [keep, ("deplacer", "La déplacer"), ("annuler", "L’annuler")]
