"""The economic model of a project: hypotheses typed one by one, versions kept."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.economics.figuring import KINDS, MONTHLY, Sort, result_of
from preau.economics.model.hypotheses import MONTHS, Guess
from preau.economics.model.simulation import DRAWS
from preau.economics.models import EconomicModel, ModelVersion
from preau.projects import perms
from preau.projects.models import Project

MOST_LINES = 60
MOST_MODELS = 10
MOST_VERSIONS = 200
TAKEN = "Un modèle de ce projet porte déjà ce nom."


@transaction.atomic
def create(project: Project, *, name: str, start_cents: int, actor: Actor) -> EconomicModel:
    """Begin a model, empty.

    Raises:
        Refusal: the name is taken, there are enough, or the project is over.
    """
    perms.require(actor, "project.contribute", project)
    if not project.is_live:
        raise Refusal("Ce projet n’est plus en cours.", code="over")
    if project.economic_models.count() >= MOST_MODELS:
        raise Refusal(f"Un projet a {MOST_MODELS} modèles au plus.")
    model = EconomicModel(
        project=project, name=name.strip(), start_cents=start_cents, created_by=actor.user
    )
    _save(model)
    audit.record(actor, "economic_model.create", model, project=project.pk)
    return model


@transaction.atomic
def edit(model: EconomicModel, *, name: str, start_cents: int, actor: Actor) -> EconomicModel:
    perms.require(actor, "project.contribute", model.project)
    model = _locked(model)
    model.name, model.start_cents = name.strip(), start_cents
    _save(model)
    audit.record(actor, "economic_model.edit", model)
    return model


@transaction.atomic
def put_line(model: EconomicModel, given: dict[str, Any], *, actor: Actor) -> EconomicModel:
    """Add a hypothesis, or replace the one whose `id` is given.

    Raises:
        Refusal: its numbers are out of order, or there are too many.
    """
    perms.require(actor, "project.contribute", model.project)
    model = _locked(model)
    line = _checked(given)
    numbers = [one["id"] for one in model.lines]
    if line["id"] in numbers:
        model.lines[numbers.index(line["id"])] = line
    elif len(numbers) >= MOST_LINES:
        raise Refusal(f"Un modèle a {MOST_LINES} hypothèses au plus.")
    else:
        line["id"] = max(numbers, default=0) + 1
        model.lines.append(line)
    _save(model)
    audit.record(actor, "economic_model.put_line", model, line=line["id"])
    return model


@transaction.atomic
def remove_line(model: EconomicModel, number: int, *, actor: Actor) -> EconomicModel:
    perms.require(actor, "project.contribute", model.project)
    model = _locked(model)
    model.lines = [one for one in model.lines if one["id"] != number]
    _save(model)
    audit.record(actor, "economic_model.remove_line", model, line=number)
    return model


@transaction.atomic
def compute(model: EconomicModel, *, note: str, seed: int, actor: Actor) -> ModelVersion:
    """Simulate today's hypotheses and keep them with what comes of them.

    Raises:
        Refusal: there is nothing to compute.
    """
    perms.require(actor, "project.contribute", model.project)
    model = _locked(model)
    if not any(one["sort"] in MONTHLY for one in model.lines):
        raise Refusal("Ajoutez au moins une recette ou une dépense de chaque mois.", code="empty")
    last = model.versions.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_VERSIONS:
        raise Refusal(f"Un modèle garde {MOST_VERSIONS} versions au plus.")
    version = ModelVersion.objects.create(
        model=model,
        number=last + 1,
        note=note.strip(),
        start_cents=model.start_cents,
        lines=model.lines,
        seed=seed,
        draws=DRAWS,
        result=result_of(model.lines, model.start_cents, seed),
        made_by=actor.user,
    )
    audit.record(actor, "economic_model.compute", model, version=version.number)
    return version


@transaction.atomic
def resume(version: ModelVersion, *, actor: Actor) -> EconomicModel:
    """Work again from the hypotheses of a version."""
    perms.require(actor, "project.contribute", version.model.project)
    model = _locked(version.model)
    model.lines, model.start_cents = version.lines, version.start_cents
    _save(model)
    audit.record(actor, "economic_model.resume", model, version=version.number)
    return model


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """What is kept, whatever page or machine sends it."""
    sort = Sort(given["sort"])
    line = {
        "id": given.get("id") or 0,
        "sort": sort.value,
        "kind": given.get("kind", ""),
        "label": given["label"].strip()[:120],
        "cents": list(given["cents"]),
        "volume": list(given["volume"]) if given.get("volume") and sort in MONTHLY else None,
        "start": given["start"],
        "ramp": given.get("ramp") or 1,
    }
    if sort in MONTHLY and line["kind"] not in KINDS[sort.value]:
        raise Refusal("Choisissez la nature qui correspond.", field="kind", code="kind")
    for field, words in (("cents", "montants"), ("volume", "quantités")):
        if line[field] is not None and not Guess(*line[field]).is_ordered:
            raise Refusal(
                f"Pour les {words}, écrivez du plus bas au plus haut : bas, probable, haut.",
                field="likely" if field == "cents" else "volume_likely",
                code="order",
            )
    if not 1 <= line["start"] <= MONTHS:
        raise Refusal(f"Le mois va de 1 à {MONTHS}.", field="start", code="month")
    return line


def _locked(model: EconomicModel) -> EconomicModel:
    rows = EconomicModel.objects.select_for_update(of=("self",))
    return rows.select_related("project").get(pk=model.pk)


def _save(model: EconomicModel) -> None:
    model.changed_at = clock.now()
    try:
        with transaction.atomic():
            model.save()
    except IntegrityError as error:
        raise Refusal(TAKEN, field="name", code="name_taken") from error
