"""Which pages beside the list one may open: no tab leads to « ce n’est pas pour vous »."""

from __future__ import annotations

from typing import Any

from django import template

from preau.accounts.actors import actor_of
from preau.portfolio.bringing.actions import may_bring
from preau.projects.standing import competence_of

register = template.Library()


@register.simple_tag(takes_context=True)
def open_sections(context: dict[str, Any]) -> dict[str, bool]:
    """`figures`: dashboards and impact of a territory; `bringing`: taking up a portfolio."""
    actor = actor_of(context["request"])
    competence = competence_of(actor)
    figures = competence is not None and competence.departements != frozenset()
    return {"figures": figures, "bringing": may_bring(actor)}
