"""A person's file: opened on their consent, kept short, closed, erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Organization, User
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.formats import day as in_words
from preau.core.sealed import seal
from preau.directory.models import Sheet
from preau.mediation import perms
from preau.mediation.enums import FileState
from preau.mediation.models import FollowUpFile, FollowUpStep, Mandate
from preau.mediation.models.following import DORMANT, KEPT, PURPOSE
from preau.mediation.people import administrators_of, mediates, mediators_of
from preau.mediation.topics import FILES
from preau.notifications.actions import notify

NOT_FOR_CARETAKERS = "Le gardiennage compte les visites ; il n’ouvre pas de dossier de suivi."
OVER = "Ce dossier est clos ou effacé : rien ne s’y ajoute."


@transaction.atomic
def open_file(
    sheet: Sheet,
    *,
    name: str,
    contact: str,
    theme: str,
    consent: str,
    consented_on: date,
    actor: Actor,
) -> FollowUpFile:
    """Open a file: the person has agreed, and knows what is kept and for how long.

    Raises:
        Refusal: the consent is dated to come, no organisation keeps the place.
    """
    perms.require(actor, "mediation.open_file", sheet)
    if not mediates(actor):
        raise Forbidden(NOT_FOR_CARETAKERS)
    today = clock.today(sheet.zone)
    if consented_on > today:
        raise Refusal("Le consentement est déjà donné.", field="consented_on", code="day")
    if actor.user is None or sheet.manager is None:
        raise Refusal("Ce lieu n’est tenu par aucune structure.", code="nobody")
    file = FollowUpFile.objects.create(
        organization=sheet.manager,
        reference=_reference(sheet.manager, today.year),
        sheet=sheet,
        mediator=actor.user,
        theme=theme,
        sealed_name=seal(name.strip(), purpose=PURPOSE),
        sealed_contact=seal(contact.strip(), purpose=PURPOSE) if contact.strip() else "",
        consent=consent,
        consented_on=consented_on,
        last_step_on=today,
    )
    audit.record(actor, "mediation.open_file", file)
    return file


@transaction.atomic
def add_step(
    file: FollowUpFile,
    *,
    day: date,
    theme: str,
    text: str,
    next_on: date | None = None,
    actor: Actor,
) -> FollowUpStep:
    """Note what was done, and when to look again."""
    file = _live(file, actor)
    today = clock.today(file.sheet.zone)
    if day > today:
        raise Refusal("Notez ce qui est fait ; « à revoir le » dit la suite.", field="day")
    step = FollowUpStep.objects.create(
        file=file, day=day, theme=theme, text=text.strip(), next_on=next_on
    )
    file.last_step_on = max(file.last_step_on, day)
    file.save(update_fields=["last_step_on"])
    audit.record(actor, "mediation.step", file)
    return step


@transaction.atomic
def tick(step: FollowUpStep, *, actor: Actor) -> None:
    """What was to be looked at again has been."""
    file = _live(step.file, actor)
    FollowUpStep.objects.filter(pk=step.pk, done_on=None).update(
        done_on=clock.today(file.sheet.zone)
    )
    audit.record(actor, "mediation.tick", file)


@transaction.atomic
def give_mandate(
    file: FollowUpFile, *, scope: str, signed_on: date, until: date, actor: Actor
) -> Mandate:
    """Note what the person lets the mediator do. A year at most."""
    file = _live(file, actor)
    if signed_on > clock.today(file.sheet.zone):
        raise Refusal("Le mandat est déjà signé.", field="signed_on", code="day")
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                file=file, scope=scope.strip(), signed_on=signed_on, until=until
            )
    except IntegrityError as error:
        raise Refusal("Un mandat dure un an au plus.", field="until", code="length") from error
    audit.record(actor, "mediation.mandate", file)
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, actor: Actor) -> None:
    file = _live(mandate.file, actor)
    Mandate.objects.filter(pk=mandate.pk, revoked_on=None).update(
        revoked_on=clock.today(file.sheet.zone)
    )
    audit.record(actor, "mediation.revoke_mandate", file)


@transaction.atomic
def hand_over(file: FollowUpFile, to: User, *, actor: Actor) -> FollowUpFile:
    """Give the file to a colleague of the same structure, who goes on with it.

    Raises:
        Refusal: they are not of the structure.
    """
    file = _live(file, actor)
    if not mediators_of(file.home_id).filter(user=to).exists():
        raise Refusal("Choisissez une personne de la même structure.", field="to", code="whose")
    file.mediator = to
    file.save(update_fields=["mediator"])
    audit.record(actor, "mediation.hand_over", file, to=to.pk)
    tell_handed(file)
    return file


def tell_handed(file: FollowUpFile) -> None:
    notify(
        [file.mediator],
        topic=FILES.key,
        title=f"Le dossier de suivi {file.reference} vous est confié",
        cause=f"follow-up:{file.pk}:handed:{clock.now():%Y%m%d%H%M%S%f}",
        url=f"/mediation/suivis/{file.key}/",
    )


@transaction.atomic
def close(file: FollowUpFile, *, actor: Actor) -> FollowUpFile:
    """Close it; it is erased after the time that the person was told."""
    file = _live(file, actor)
    _close(file)
    audit.record(actor, "mediation.close_file", file)
    return file


@transaction.atomic
def erase(file: FollowUpFile, *, actor: Actor) -> FollowUpFile:
    """Erase who it was and what was done: the person withdraws their consent, or asks."""
    perms.require(actor, "mediation.erase_file", file)
    file = _locked(file)
    perms.require(actor, "mediation.erase_file", file)  # given to somebody meanwhile
    if file.state == FileState.ERASED:
        return file
    _erase(file)
    audit.record(actor, "mediation.erase_file", file)
    return file


@transaction.atomic
def look_after(file: FollowUpFile) -> bool:
    """What the night does: close what sleeps, erase what was closed long enough ago."""
    file = _locked(file)
    today = clock.today(file.sheet.zone)
    if file.state == FileState.OPEN and file.last_step_on + DORMANT < today:
        _close(file)
        told = "est clos : rien n’y a été noté depuis six mois"
    elif (
        file.state == FileState.CLOSED
        and file.closed_on is not None
        and file.closed_on + KEPT < today
    ):
        _erase(file)
        told = "est effacé, à la date annoncée à la personne"
    else:
        return False
    audit.record(SYSTEM, "mediation.retention", file, state=file.state)
    notify(
        _answerable_for(file),
        topic=FILES.key,
        title=f"Le dossier de suivi {file.reference} {told}",
        cause=f"follow-up:{file.pk}:{file.state}",
        url="/mediation/suivis/",
    )
    return True


def _answerable_for(file: FollowUpFile) -> Iterable[User]:
    """Its mediator; once they have left, those who administer the structure."""
    return administrators_of(file.home_id) if file.is_left else [file.mediator]


def remind(step: FollowUpStep, today: date) -> None:
    """Once: the day has come to look again."""
    if step.file.is_left:  # whoever is given the file is told of it then
        return
    notify(
        [step.file.mediator],
        topic=FILES.key,
        title=f"Dossier {step.file.reference} : une démarche est à revoir",
        cause=f"follow-up-step:{step.pk}:{step.next_on}",
        url=f"/mediation/suivis/{step.file.key}/",
    )


def remind_of_end(mandate: Mandate) -> bool:
    """Once, the days before the last: the person signs again, or does it themself."""
    file = mandate.file
    if file.is_left or mandate.until < clock.today(file.sheet.zone):
        return False
    told = notify(
        [file.mediator],
        topic=FILES.key,
        title=f"Dossier {file.reference} : un mandat s’achève le {in_words(mandate.until)}",
        cause=f"follow-up-mandate:{mandate.pk}:ends",
        url=f"/mediation/suivis/{file.key}/",
    )
    return bool(told)


def _close(file: FollowUpFile) -> None:
    file.state, file.closed_on = FileState.CLOSED, clock.today(file.sheet.zone)
    file.save(update_fields=["state", "closed_on"])


def _erase(file: FollowUpFile) -> None:
    """Nothing stays of the person; that a file was, its theme and its dates do."""
    file.steps.all().delete()
    file.mandates.all().delete()
    file.closed_on = file.closed_on or clock.today(file.sheet.zone)
    file.state, file.erased_at = FileState.ERASED, clock.now()
    file.sealed_name = file.sealed_contact = ""
    file.save(update_fields=["state", "closed_on", "erased_at", "sealed_name", "sealed_contact"])


def _live(file: FollowUpFile, actor: Actor) -> FollowUpFile:
    perms.require(actor, "mediation.follow", file)
    file = _locked(file)
    perms.require(actor, "mediation.follow", file)  # handed over meanwhile
    if file.state != FileState.OPEN:
        raise Refusal(OVER, code="over")
    return file


def _locked(file: FollowUpFile) -> FollowUpFile:
    rows = FollowUpFile.objects.select_for_update(of=("self",))
    return rows.select_related("sheet", "mediator", "organization").get(pk=file.pk)


def _reference(organization: Organization, year: int) -> str:
    """« S-2026-0014 »: the row of the structure is locked while it is given."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    start = f"S-{year}-"
    count = FollowUpFile.objects.filter(
        organization=organization, reference__startswith=start
    ).aggregate(n=Count("pk"))["n"]
    return f"{start}{count + 1:04d}"
