"""Badges, and lines ready to be shown, of blockages and recommendations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from preau.projects.enums import BlockageState, RecommendationState, Severity
from preau.projects.models import Blockage, Recommendation
from preau.resources.enums import HelpKind

_B, _R = BlockageState, RecommendationState
_BLOCKAGES = {
    _B.OPEN: "warning",
    _B.TAKEN: "info",
    _B.LIFTED: "success",
    _B.BYPASSED: "success",
    _B.ABANDONED: "neutral",
}
_SEVERITIES = {Severity.MINOR: "neutral", Severity.SERIOUS: "warning", Severity.BLOCKING: "error"}
_RECOMMENDATIONS = {
    _R.DRAFT: "neutral",
    _R.SENT: "new",
    _R.SEEN: "waiting",
    _R.STUDIED: "waiting",
    _R.ENGAGED: "info",
    _R.REALISED: "success",
    _R.REFUSED: "error",
    _R.ALREADY: "success",
    _R.LAPSED: "neutral",
}

Badge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A recommendation in a list."""

    recommendation: Recommendation
    badge: Badge
    kind: str


def badge_of(blockage: Blockage) -> Badge:
    state = BlockageState(blockage.state)
    return _BLOCKAGES[state], state.label


def severity_of(blockage: Blockage) -> Badge:
    severity = Severity(blockage.severity)
    return _SEVERITIES[severity], severity.label


def recommendation_badge(recommendation: Recommendation) -> Badge:
    state = RecommendationState(recommendation.state)
    return _RECOMMENDATIONS[state], state.label


def lines_of(rows: Iterable[Recommendation]) -> list[Line]:
    return [Line(one, recommendation_badge(one), HelpKind(one.kind).label) for one in rows]
