"""The words of what is asked and told about the end of a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.notifications.actions import Mail, notify
from preau.notifications.emails import compose
from preau.projects.enums import AskKind, ReviewSide
from preau.projects.models import ImpactAsk, ImpactReview, Programme, Project
from preau.projects.recipients import holder_side, state_side
from preau.projects.topics import impact as topics

_SINCE = {
    AskKind.FILED_6: "Il y a six mois, vous déposiez ce projet.",
    AskKind.FILED_12: "Il y a un an, vous déposiez ce projet.",
    AskKind.CLOSED_6: "L’accompagnement de ce projet s’est terminé il y a six mois.",
    AskKind.CLOSED_12: "L’accompagnement de ce projet s’est terminé il y a un an.",
}


@dataclass(frozen=True, slots=True)
class _Letter:
    """One thing told about a project."""

    topic: str
    title: str
    cause: str
    intro: str
    url: str
    button: str
    next_steps: str


def _send(users: Iterable[User], project: Project, letter: _Letter) -> None:
    text, html = compose(
        facts=[("Projet", project.name), ("Référence", project.reference)],
        intro=letter.intro,
        button_label=letter.button,
        button_url=letter.url,
        next_steps=letter.next_steps,
    )
    notify(
        users,
        topic=letter.topic,
        title=letter.title,
        cause=letter.cause,
        body=letter.intro,
        url=letter.url,
        email=Mail(subject=letter.title, text=text, html=html),
    )


def review_asked(project: Project, asked: ImpactAsk) -> None:
    """The request, then its one reminder: each has its own cause."""
    again = "Rappel : " if asked.reminded_at else ""
    moment = asked.reminded_at or asked.asked_at
    _send(
        holder_side(project),
        project,
        _Letter(
            topic=topics.REVIEW.key,
            title=f"{again}Racontez ce que « {project.name} » a donné",
            cause=f"projects.review:{project.pk}:{moment:%Y%m%d%H%M%S}",
            intro="Les services de l’État qui ont suivi votre projet vous demandent un bilan :"
            " ce que vous vouliez, ce qui a été obtenu, ce qui a aidé et ce qui a manqué.",
            url=reverse("projects:review", args=[project.key]),
            button="Écrire le bilan",
            next_steps="Comptez dix minutes. Vous pouvez vous arrêter en chemin : le brouillon est"
            " gardé, et personne d’autre que vous ne le lit.",
        ),
    )


def review_finished(project: Project, review: ImpactReview, *, actor: Actor) -> None:
    """To the other side."""
    others = state_side(project) if review.side == ReviewSide.HOLDER else holder_side(project)
    assert review.finished_at is not None
    _send(
        [one for one in others if one.pk != actor.user_id],
        project,
        _Letter(
            topic=topics.REVIEW.key,
            title=f"Le bilan de « {project.name} » est écrit",
            cause=f"projects.reviewed:{project.pk}",
            intro=f"{review.on_behalf_of or 'Le porteur du projet'} a terminé le bilan du projet.",
            url=reverse("projects:review", args=[project.key]),
            button="Lire le bilan",
            next_steps="Il est aussi sur la fiche du projet, pour tous ses membres.",
        ),
    )


def where_asked(project: Project, asked: ImpactAsk) -> None:
    again = "Rappel : " if asked.reminded_at else ""
    mark = ":rappel" if asked.reminded_at else ""
    _send(
        holder_side(project),
        project,
        _Letter(
            topic=topics.WHERE.key,
            title=f"{again}Où en est « {project.name} » ?",
            cause=f"projects.where:{project.pk}:{asked.kind}{mark}",
            intro=f"{_SINCE[AskKind(asked.kind)]} Où en est-il : idée, étude ou opération ?",
            url=reverse("projects:where", args=[project.key]),
            button="Répondre en un instant",
            next_steps="Votre réponse met la fiche à jour et sert à mesurer ce que l’accompagnement"
            " change. Rien d’autre ne vous est demandé.",
        ),
    )


def feedback_asked(users: Iterable[User], programme: Programme, year: int) -> None:
    """Once a person, a programme and a year, whatever the reason."""
    url = reverse("projects:feedback_give", args=[programme.slug])
    title = f"Votre avis sur {programme.name}"
    intro = f"Vous portez un projet dans le programme {programme.name}. Qu’en pensez-vous ?"
    text, html = compose(
        facts=[("Programme", programme.name)],
        intro=intro,
        button_label="Donner mon avis",
        button_url=url,
        next_steps="Une note de 1 à 5 et, si vous le voulez, un commentaire, lu sans votre nom.",
    )
    notify(
        users,
        topic=topics.FEEDBACK.key,
        title=title,
        cause=f"projects.feedback:{programme.pk}:{year}",
        body=intro,
        url=url,
        email=Mail(subject=title, text=text, html=html),
    )
