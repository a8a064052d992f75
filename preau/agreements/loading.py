"""The national models, from the data files of the room. Again: only what has changed."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.agreements.drafting import variables
from preau.agreements.enums import (
    ClauseKind,
    ClauseTable,
    Condition,
    Gate,
    LegalCase,
    VersionState,
)
from preau.agreements.models import Clause, Model, ModelVersion
from preau.core import audit, clock

DATA = Path(__file__).parent / "data"


@cache
def _shared() -> dict[str, dict[str, Any]]:
    with (DATA / "common.toml").open("rb") as file:
        return tomllib.load(file)


def _clause(given: dict[str, Any]) -> dict[str, Any]:
    """One clause of a file, upon the shared one it uses; every word is checked."""
    used = given.get("use", "")
    found = {"key": used, **_shared()[used]} if used else {}
    found |= {name: value for name, value in given.items() if name != "use"}
    text = str(found.get("text", "")).strip()
    variables.check(text)
    return {
        "key": found["key"],
        "kind": ClauseKind(found.get("kind", ClauseKind.ARTICLE)).value,
        "title": found["title"],
        "text": text,
        "table": ClauseTable(found.get("table", "")).value,
        "legal_basis": found.get("basis", ""),
        "condition": Condition(found.get("condition", "")).value,
        "is_required": bool(found.get("required", False)),
    }


def read_case(case: LegalCase) -> dict[str, Any]:
    """What the data file of a legal case says, its shared clauses in place."""
    with (DATA / f"{case.value}.toml").open("rb") as file:
        given = tomllib.load(file)
    return {
        "case": LegalCase(given["case"]).value,
        "name": given["name"],
        "title": given["title"],
        "legal_basis": given["legal_basis"],
        "gates": [Gate(gate).value for gate in given["gates"]],
        "clauses": [_clause(one) for one in given["clause"]],
    }


@transaction.atomic
def load_case(case: LegalCase) -> ModelVersion | None:
    """Publish a new national version when the file says something new; else None."""
    given = read_case(case)
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    model, _ = Model.objects.get_or_create(
        organization=None, case=case, defaults={"name": given["name"]}
    )
    Model.objects.select_for_update().get(pk=model.pk)
    last = model.versions.first()
    if last is not None and last.source_digest == digest:
        return None
    if model.name != given["name"]:
        Model.objects.filter(pk=model.pk).update(name=given["name"])
    version = ModelVersion.objects.create(
        model=model,
        number=last.number + 1 if last else 1,
        title=given["title"],
        legal_basis=given["legal_basis"],
        gates=given["gates"],
        note="Mise à jour nationale" if last else "Première version",
        source_digest=digest,
    )
    Clause.objects.bulk_create(
        Clause(version=version, position=rank, **one)
        for rank, one in enumerate(given["clauses"], start=1)
    )
    version.state, version.published_at = VersionState.PUBLISHED, clock.now()
    version.save(update_fields=["state", "published_at"])
    audit.record(SYSTEM, "agreement.publish_national_model", model, version=version.number)
    return version


def load_national_models() -> list[ModelVersion]:
    """Load every case. Returns the versions that are new."""
    return [version for case in LegalCase if (version := load_case(case)) is not None]
