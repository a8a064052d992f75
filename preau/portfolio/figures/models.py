"""Figures worked out ahead, for the territories that are too large to wait for."""

from __future__ import annotations

from django.db import models

from preau.portfolio.figures.enums import Period, ScopeKind


class ImpactSummary(models.Model):
    """Every figure of one territory or programme, over one period, as of an instant."""

    scope = models.CharField("de quoi", max_length=12, choices=ScopeKind)
    #: Of the territory or the programme; "" for the nation.
    code = models.CharField(max_length=40, blank=True)
    period = models.CharField("période", max_length=12, choices=Period)
    #: Key of the figure → `Figure.to_json`.
    figures = models.JSONField("chiffres")
    computed_at = models.DateTimeField("calculé le")

    class Meta:
        verbose_name = "chiffres d’impact"
        constraints = [
            models.UniqueConstraint(fields=["scope", "code", "period"], name="impact_summary_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.code} {self.period}"
