"""What the pair and the holder learn when a project arrives or moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.dispatch import receiver

from preau.accounts.actors import Actor
from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.projects.actions import deadlines, receiving, triage
from preau.projects.enums import EventKind, ProjectState
from preau.projects.events import project_deposited, project_moved
from preau.projects.models import Project
from preau.projects.telling import pair as telling_pair

S = ProjectState


@receiver(project_deposited)
def tell_the_pair(sender: Any, *, project: Project, actor: Actor, **_: Any) -> None:
    telling_pair.tell_deposited(project, receiving.pair_of(project.departement_code))


@receiver(project_moved)
def tell_the_holder(
    sender: Any, *, project: Project, before: str, actor: Actor, reason: str, **_: Any
) -> None:
    """One letter for each decision; a project filed again has a new delay, in new hands."""
    if before == S.DRAFT:  # a deposit has news of its own
        return
    if project.state == S.DEPOSITED:
        triage.arrive_again(project, actor=actor)
        telling_pair.tell_deposited(project, receiving.pair_of(project.departement_code))
    elif letter := LETTERS.get(ProjectState(project.state)):
        event = project.events.filter(kind=EventKind.STATE).order_by("-id").first()
        subject, intro, after = letter(project, reason.strip())
        cause = f"project:{project.pk}:state:{event.pk if event else project.state}"
        telling_pair.tell_holder(project, cause=cause, subject=subject, intro=intro, after=after)


@receiver(account_closed)
def give_to_others(sender: Any, *, user: User, **_: Any) -> None:
    """Whoever leaves answers for nothing any more: somebody else does, from now on."""
    deadlines.hand_over_of(user)


Letter = tuple[str, str, str]


def _words(reason: str) -> str:
    return f"\n\nMotif : {reason}" if reason else ""


def _acknowledged(project: Project, reason: str) -> Letter:
    return (
        f"Votre projet est pris en compte : {project.name}",
        "Les services de l’État ont lu votre projet. Votre interlocuteur :"
        f" {telling_pair.in_charge_words(project)}.{_words(reason)}",
        "Cette personne vous recontacte. Vous pouvez dès maintenant compléter la fiche, y joindre"
        " des fichiers ou y dire ce qui bloque.",
    )


def _qualified(project: Project, reason: str) -> Letter:
    return (
        f"Votre projet est qualifié : {project.name}",
        f"Les services de l’État ont étudié votre projet et peuvent vous aider.{_words(reason)}",
        "L’accompagnement commence : des recommandations vous seront envoyées sur la fiche.",
    )


def _accompanied(project: Project, reason: str) -> Letter:
    return (
        f"L’accompagnement de votre projet commence : {project.name}",
        f"Les services de l’État travaillent avec vous sur ce projet.{_words(reason)}",
        "Vos prochaines actions sont sur la fiche du projet.",
    )


def _refused(project: Project, reason: str) -> Letter:
    return (
        f"Votre projet n’est pas retenu : {project.name}",
        f"Les services de l’État ne peuvent pas accompagner ce projet.{_words(reason)}",
        "Si ce motif ne tient plus, vous pouvez déposer de nouveau le projet depuis sa fiche :"
        " tout ce que vous avez écrit y reste.",
    )


def _redirected(project: Project, reason: str) -> Letter:
    return (
        f"Votre projet est réorienté : {project.name}",
        f"Votre projet est réorienté vers : {project.redirected_to}.{_words(reason)}",
        "La fiche garde tout ce que vous avez écrit.",
    )


def _closed(project: Project, reason: str) -> Letter:
    return (
        f"L’accompagnement de votre projet est terminé : {project.name}",
        f"Les services de l’État terminent l’accompagnement de ce projet.{_words(reason)}",
        "La fiche reste à votre disposition.",
    )


LETTERS: dict[ProjectState, Callable[[Project, str], Letter]] = {
    S.ACKNOWLEDGED: _acknowledged,
    S.QUALIFIED: _qualified,
    S.ACCOMPANIED: _accompanied,
    S.REFUSED: _refused,
    S.REDIRECTED: _redirected,
    S.CLOSED: _closed,
}
