"""A version as it would read, with an invented occupation."""

from __future__ import annotations

from functools import cache
from typing import Any

from preau.agreements.actions.drawing import zones_of
from preau.agreements.drafting import content, sample
from preau.agreements.drafting.variables import Variable, resolve
from preau.agreements.enums import Gate, LegalCase
from preau.agreements.models import ModelVersion
from preau.agreements.signatories import signatories_of
from preau.documents import rendering

NUMBER = "APERÇU"


def content_of(version: ModelVersion) -> dict[str, Any]:
    """What the template receives, tidied as it will be printed."""
    facts = sample.facts(LegalCase(version.model.case))
    zones = zones_of(signatories_of(facts))
    _, made = content.compose(version, facts, number=NUMBER, zones=zones)
    tidied: dict[str, Any] = rendering.tidy(made)
    return tidied


def pdf(version: ModelVersion) -> bytes:
    """Always marked as a trial: it is nobody's agreement."""
    return rendering.render(content.TEMPLATE, content_of(version), at=sample.AT, trial=True)


@cache
def _examples(case: str) -> dict[str, str]:
    facts = sample.facts(LegalCase(case))
    return resolve(facts)


def example(case: str, variable: Variable) -> str:
    return _examples(case)[variable.name]


def gates_of(version: ModelVersion) -> list[str]:
    """What is checked before an agreement is drawn up, in words."""
    return [Gate(gate).label for gate in version.gates]
