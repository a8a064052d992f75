"""What the operator reads of a service."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """How a service, or an account there, is; the words are on the page (`states.word`)."""

    OFF = "off"
    UNTRIED = "untried"
    WELL = "well"
    FAILING = "failing"
    #: Its pause is over: the next caller asks for all.
    TO_TRY = "to_try"
    PAUSED = "paused"


#: Kind of badge and words; a pause says until when.
BADGES: dict[Verdict, tuple[str, str]] = {
    Verdict.OFF: ("neutral", "Non configuré"),
    Verdict.UNTRIED: ("neutral", "Jamais appelé"),
    Verdict.WELL: ("success", "En service"),
    Verdict.FAILING: ("warning", "Des échecs"),
    Verdict.TO_TRY: ("warning", "Essai au prochain appel"),
    Verdict.PAUSED: ("error", "En pause"),
}
