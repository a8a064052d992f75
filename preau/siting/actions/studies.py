"""Studies: opening one, changing its words, showing it, putting it away."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.siting import travel
from preau.siting.enums import Visibility
from preau.siting.models import SitingStudy, TravelTimes
from preau.siting.perms import require
from preau.territories.areas import Area
from preau.territories.models import DataVersion


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What a study says, as its form gives it."""

    title: str
    area: Area
    profile: str
    question: str = ""


@transaction.atomic
def open_study(facts: StudyFacts, *, actor: Actor) -> SitingStudy:
    """
    Raises:
        Forbidden: they do not manage a verified public organisation.
        Refusal: no title.
    """
    if actor.organization is None:
        raise Forbidden("Choisissez au nom de quelle structure vous agissez.")
    study = SitingStudy(organization=actor.organization)
    require(actor, "study.write", study)
    version = DataVersion.objects.filter(name="territories").first()
    study.territories_version = version.digest if version else ""
    study.directory_on = clock.today()
    study.created_by = actor.user
    _write(study, facts)
    study.save()
    audit.record(actor, "siting.open_study", study)
    return study


@transaction.atomic
def edit_study(study: SitingStudy, facts: StudyFacts, *, actor: Actor) -> None:
    """
    Raises:
        Refusal: its scenarios were computed on another territory.
    """
    require(actor, "study.write", study)
    study = SitingStudy.objects.select_for_update().get(pk=study.pk)
    refuse_archived(study)
    if facts.area.key != study.area_key and study.scenarios.exists():
        raise Refusal(
            "Les scénarios de cette étude portent sur son territoire. Ouvrez une autre étude"
            " pour un autre territoire.",
            field="area",
            code="has_scenarios",
        )
    _write(study, facts)
    study.save()
    audit.record(actor, "siting.edit_study", study)


def _write(study: SitingStudy, facts: StudyFacts) -> None:
    title = facts.title.strip()[:160]
    if not title:
        raise Refusal("Donnez un titre à l’étude.", field="title", code="title")
    study.title, study.question = title, facts.question.strip()
    study.area_key, study.area_name = facts.area.key, str(facts.area)
    study.profile = facts.profile


def refuse_archived(study: SitingStudy) -> None:
    """
    Raises:
        Refusal: it was put away, perhaps from another page.
    """
    if SitingStudy.objects.filter(pk=study.pk).exclude(archived_at=None).exists():
        raise Refusal("Cette étude est archivée : reprenez-la d’abord.", code="archived")


@transaction.atomic
def show_to(study: SitingStudy, visibility: Visibility, *, actor: Actor) -> None:
    """Keep it to oneself, share its link with those who plan, or show it to everybody."""
    require(actor, "study.write", study)
    study = SitingStudy.objects.select_for_update().get(pk=study.pk)
    refuse_archived(study)
    if visibility != Visibility.OWN and not study.scenarios.filter(state="calcule").exists():
        raise Refusal(
            "Calculez au moins un scénario avant de montrer l’étude.",
            field="visibility",
            code="empty",
        )
    before, study.visibility = study.visibility, visibility
    study.save(update_fields=["visibility"])
    audit.record(actor, "siting.show_study", study, before=before, after=visibility)


@transaction.atomic
def archive(study: SitingStudy, *, actor: Actor) -> None:
    """Out of the lists; its link still works for its organisation. Twice is once."""
    require(actor, "study.write", study)
    if study.archived_at is None:
        study.archived_at, study.visibility = clock.now(), Visibility.OWN
        study.save(update_fields=["archived_at", "visibility"])
        audit.record(actor, "siting.archive_study", study)


@transaction.atomic
def restore(study: SitingStudy, *, actor: Actor) -> None:
    require(actor, "study.write", study)
    if study.archived_at is not None:
        study.archived_at = None
        study.save(update_fields=["archived_at"])
        audit.record(actor, "siting.restore_study", study)


@transaction.atomic
def send_travel_times(name: str, content: bytes, *, actor: Actor) -> TravelTimes:
    """Keep a file of travel times for the organisation.

    Raises:
        Refusal: unreadable, or with faults, told line by line.
    """
    if actor.organization is None:
        raise Forbidden("Choisissez au nom de quelle structure vous agissez.")
    times = TravelTimes(organization=actor.organization, name=name.strip()[:120])
    require(actor, "study.write", times)
    if not times.name:
        raise Refusal("Donnez un nom à ces temps de trajet.", field="name", code="name")
    found = travel.read(content)
    times.content = travel.pack(found)
    times.digest = travel.digest(times.content)
    times.pairs, times.communes = len(found.minutes), len(found.codes)
    times.sent_by = actor.user
    try:
        with transaction.atomic():
            times.save()
    except IntegrityError:
        raise Refusal("Ce fichier a déjà été envoyé.", field="file", code="twice") from None
    audit.record(actor, "siting.send_travel_times", times, pairs=times.pairs)
    return times
