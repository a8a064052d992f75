"""Reading files of existing bookings: a spreadsheet's CSV (`rows`), a diary's `.ics` (`diary`)."""

from __future__ import annotations

from preau.core.errors import Refusal
from preau.core.tables.reading import MEGABYTE, decoded, refuse_weight
from preau.desk.reading.diary import read_diary
from preau.desk.reading.found import MOST_LINES, Found
from preau.desk.reading.rows import read_rows
from preau.places.models import Place, Space

MOST_BYTES = 5 * MEGABYTE

__all__ = ["MOST_LINES", "Found", "read"]


def read(content: bytes, place: Place, default: Space | None) -> list[Found]:
    """Every use written in the file, with what is wrong with those that cannot be understood.

    Args:
        default: the space of uses that name none.

    Raises:
        Refusal: the file as a whole cannot be read.
    """
    refuse_weight(content, MOST_BYTES)
    text = decoded(content, "ni un CSV ni un agenda .ics")
    is_diary = text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR")
    found = (read_diary if is_diary else read_rows)(text, place, default)
    if not found:
        raise Refusal("Ce fichier ne contient aucune réservation.", field="file")
    if len(found) > MOST_LINES:
        raise Refusal(
            f"Ce fichier contient plus de {MOST_LINES} réservations. Coupez-le en plusieurs.",
            field="file",
        )
    return found
