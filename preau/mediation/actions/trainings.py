"""The register of trainings of an organisation."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, Organization, User
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.mediation import perms
from preau.mediation.models import Training
from preau.mediation.topics import TRAININGS
from preau.notifications.actions import notify


@transaction.atomic
def register(
    organization: Organization,
    person: User,
    *,
    title: str,
    body: str,
    followed_on: date,
    hours: int,
    valid_until: date | None,
    actor: Actor,
) -> Training:
    """Write down that somebody of the organisation was trained.

    Raises:
        Refusal: they are not of it, it is written already, a date or a length cannot be.
    """
    perms.require(actor, "mediation.register_training", organization)
    members = Membership.objects.filter(organization=organization, ended_at=None, user=person)
    if not members.exists():
        raise Refusal("Choisissez une personne de la structure.", field="person", code="whose")
    if followed_on > clock.today(ZoneInfo(organization.commune.time_zone)):
        raise Refusal("Inscrivez la formation une fois suivie.", field="followed_on", code="day")
    training = Training(
        organization=organization,
        person=person,
        title=title.strip(),
        body=body.strip(),
        followed_on=followed_on,
        hours=hours,
        valid_until=valid_until,
    )
    try:
        with transaction.atomic():
            training.save()
    except IntegrityError as error:
        raise Refusal(_why(str(error)), code="refused") from error
    audit.record(actor, "mediation.register_training", training)
    return training


@transaction.atomic
def remove(training: Training, *, actor: Actor) -> None:
    perms.require(actor, "mediation.register_training", training)
    audit.record(actor, "mediation.remove_training", training)
    training.delete()


@transaction.atomic
def remind(training: Training, today: date) -> bool:
    """Two months before it ends: the person, once."""
    rows = Training.objects.filter(pk=training.pk, reminded_on=None)
    if not rows.update(reminded_on=today):
        return False
    notify(
        [training.person],
        topic=TRAININGS.key,
        title=f"Votre formation « {training.title} » arrive à la fin de sa validité",
        cause=f"training:{training.pk}:ends",
        url="/mediation/formations/",
    )
    return True


def _why(error: str) -> str:
    if "training_once" in error:
        return "Cette formation est déjà inscrite pour cette personne."
    if "training_days_in_order" in error:
        return "La fin de validité suit la date de la formation."
    return "Une formation dure au moins une heure."
