"""The letters of a deposit. Those sent to an address that was typed carry no word of the draft:
nobody can make us write what they like to somebody else."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.core.formats import day, hour, local, telephone
from preau.notifications.actions import Mail, Notice, enqueue_email, tell
from preau.notifications.emails import compose
from preau.projects import draft_links
from preau.projects.filing_steps import filing_of
from preau.projects.models import Project
from preau.projects.recipients import holder_side
from preau.projects.topics.filing import DEPOSITS


def _begun(project: Project) -> str:
    return day(local(project.created_at, project.time_zone).date())


def send_link(project: Project, email: str) -> None:
    subject = "Reprendre le dépôt de votre projet"
    text, html = compose(
        facts=[("Commencé le", _begun(project)), ("Référence", project.reference)],
        intro="Vous avez demandé un lien pour reprendre plus tard le dépôt d’un projet sur Préau."
        " Ce que vous avez écrit est gardé.",
        button_label="Reprendre le dépôt",
        button_url=draft_links.page_for(project),
        next_steps=f"Ce lien est valable {draft_links.DAYS} jours. Qui le reçoit peut lire et"
        " compléter le brouillon : ne le transmettez qu’à quelqu’un qui y travaille avec vous."
        " Vous n’avez rien demandé ? Ne faites rien.",
    )
    cause = f"project-draft:{project.pk}:link:{secrets.token_hex(6)}"
    enqueue_email(cause=cause, recipient=email, subject=subject, text=text, html=html, urgent=True)


def _known_address(project: Project) -> str:
    """Where the person filling it in asked to be written to, or gave as a contact."""
    return filing_of(project).resume_email or project.contact_email


def _write(project: Project, *, cause: str, title: str, intro: str, after: str) -> bool:
    """To the person who holds the draft, or to the address they gave; False when there is none."""
    link = (
        reverse("projects:draft_resume", args=[project.key])
        if project.holder_user_id
        else draft_links.page_for(project)
    )
    text, html = compose(
        facts=[("Commencé le", _begun(project)), ("Référence", project.reference)],
        intro=intro,
        button_label="Reprendre le dépôt",
        button_url=link,
        next_steps=after,
    )
    if project.holder_user is not None:
        mail = Mail(title, text, html)
        tell([Notice(project.holder_user, DEPOSITS.key, title, cause, url=link, email=mail)])
        return True
    if address := _known_address(project):
        enqueue_email(cause=cause, recipient=address, subject=title, text=text, html=html)
        return True
    return False


def warn(project: Project, kept: timedelta) -> bool:
    """The draft will be thrown away; False when nobody can be told."""
    last = local(project.updated_at + kept, project.time_zone).date()
    return _write(
        project,
        cause=f"project-draft:{project.pk}:warned:{last.isoformat()}",
        title="Votre brouillon de projet sera bientôt effacé",
        intro="Vous avez commencé le dépôt d’un projet sur Préau, sans y revenir depuis plusieurs"
        f" mois. Sans nouvelle de vous, le brouillon sera effacé à partir du {day(last)}.",
        after="Pour le garder, reprenez-le et enregistrez une étape, ou déposez-le.",
    )


def tell_pair(project: Project) -> bool:
    """The services of the State are there at last."""
    return _write(
        project,
        cause=f"project-draft:{project.pk}:pair",
        title="Vous pouvez déposer votre projet",
        intro="Les services de l’État de votre département sont maintenant sur Préau. Votre"
        " brouillon a été gardé : il ne reste qu’à le déposer.",
        after="Relisez le récapitulatif, puis déposez le projet : le binôme DDT–préfecture est"
        " prévenu aussitôt.",
    )


def who_answers(project: Project) -> str:
    """« Camille Martin, DDT de l’Isère, 04 76 00 00 00 »."""
    person, service = project.in_charge, project.service_in_charge
    if person is None or service is None:
        return ""
    phone = service.organization.phone
    return ", ".join([str(person), str(service), *([telephone(phone)] if phone else [])])


def before_when(project: Project) -> str:
    """« jeudi 12 mars 2027 à 18 h »"""
    if project.acknowledge_by is None:
        return ""
    wall = local(project.acknowledge_by, project.time_zone)
    return f"{day(wall.date())} à {hour(wall)}"


def tell_deposited(project: Project, actor: Actor) -> None:
    """To the holder's people and to whoever filed it: who answers, and before when."""
    title = f"Votre projet est déposé : {project.name}"
    url = reverse("projects:filed", args=[project.key])
    text, html = compose(
        facts=[
            ("Projet", f"{project.name} ({project.reference})"),
            ("Qui répond", who_answers(project)),
            ("Avant le", before_when(project)),
        ],
        intro="Votre projet est arrivé chez les services de l’État de votre département. La DDT"
        " et la préfecture sont prévenues ensemble.",
        button_label="Voir le projet",
        button_url=url,
        next_steps="Vous serez prévenu dès que le projet sera pris en compte. D’ici là, vous"
        " pouvez compléter sa fiche et y joindre des fichiers.",
        contact=who_answers(project),
    )
    people = {one.pk: one for one in holder_side(project)}
    if actor.user is not None:
        people.setdefault(actor.user.pk, actor.user)
    mail = Mail(title, text, html)
    cause = f"project:{project.pk}:deposited"
    tell([Notice(one, DEPOSITS.key, title, cause, url=url, email=mail) for one in people.values()])
