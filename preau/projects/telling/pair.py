"""What the pair and the holder are told while a project is received, sorted and assigned.

Each notice has its cause: whatever runs twice tells once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.accounts.queries import memberships_of
from preau.core.formats import day, hour, local, telephone
from preau.notifications.actions import Mail, Notice, enqueue_email, tell
from preau.notifications.emails import compose
from preau.notifications.topics import Topic
from preau.projects import answering, standing
from preau.projects.emails.sheet import sheet_url
from preau.projects.enums import EventKind, ProjectRole, ProjectState
from preau.projects.models import Assignment, Project, StatePair, StateService
from preau.projects.recipients import holder_side
from preau.projects.topics import pair as topics
from preau.resources.enums import Phase

S = ProjectState


def moment(project: Project, at: datetime | None) -> str:
    """« jeudi 12 mars 2027 à 18 h », where the project is."""
    if at is None:
        return ""
    wall = local(at, project.time_zone)
    return f"{day(wall.date())} à {hour(wall)}"


def where(project: Project) -> str:
    lead = project.lead_commune
    return f"{lead.name} ({lead.departement_id})" if lead else ""


def in_charge_words(project: Project) -> str:
    """« Camille Martin, DDT de l'Isère, 04 76 00 00 00, camille@… »: whom the holder calls."""
    person, service = project.in_charge, project.service_in_charge
    if person is None or service is None:
        return ""
    phone = person.phone or service.organization.phone
    parts = [str(person), str(service), telephone(phone) if phone else "", person.email]
    return ", ".join(one for one in parts if one)


def facts_of(project: Project) -> list[tuple[str, str]]:
    return [
        ("Projet", f"{project.name} ({project.reference})"),
        ("Où", where(project)),
        ("Porteur", project.holder),
    ]


@dataclass(frozen=True, slots=True)
class Words:
    """One thing told to the State's side."""

    cause: str
    title: str
    body: str
    facts: Sequence[tuple[str, str]] = ()
    button: str = "Voir le projet"
    url: str = ""


def _to_state(people: Iterable[User], topic: Topic, project: Project, words: Words) -> int:
    """Tell those who still read the project on the State's side; how many were told now."""
    url = words.url or sheet_url(project)
    text, html = compose(
        facts=[*facts_of(project), *words.facts],
        intro=f"{words.title}.\n\n{words.body}",
        button_label=words.button,
        button_url=url,
    )
    mail = Mail(words.title, text, html)
    return len(
        tell(
            [
                Notice(one, topic.key, words.title, words.cause, words.body, url, mail)
                for one in people
                if still_reads(one, project)
            ]
        )
    )


def still_reads(user: User, project: Project) -> bool:
    """Whether one of the person's hats, today, is on the State's side of the project: somebody who
    has left a service is told nothing more."""
    hats = [Actor(user=user), *(Actor(user, one) for one in memberships_of(user))]
    scope = project.permission_scope
    standing.forget(hats[0])
    return any(standing.roles_on_project(hat, scope) & standing.STATE_SIDE for hat in hats)


# --- To the services


def people_alerted(project: Project, pair: StatePair) -> list[User]:
    """In charge, whoever answers today for each of the two services, and both referents: a few
    people who know it is theirs, not fifty who think it is another's."""
    found = [project.in_charge]
    for service in (pair.ddt, pair.prefecture):
        found += [answering.who_answers(service, departement=pair.departement), service.referent]
    return list({one.pk: one for one in found if one is not None and one.is_active}.values())


def tell_deposited(project: Project, pair: StatePair) -> None:
    """Both services at once: what, who answers, before when."""
    arrival = project.events.filter(kind=EventKind.IN_CHARGE).order_by("-id").first()
    until = moment(project, project.acknowledge_by)
    _to_state(
        people_alerted(project, pair),
        topics.DEPOSITED,
        project,
        Words(
            cause=f"project:{project.pk}:arrived:{arrival.pk if arrival else 0}",
            title=f"Nouveau projet à prendre en compte : {project.name}",
            body=f"{project.in_charge} ({project.service_in_charge}) en répond. À prendre en compte"
            f" avant le {until}.",
            facts=[
                ("Phase", Phase(project.phase).label),
                ("En charge", f"{project.in_charge} ({project.service_in_charge})"),
                ("Avant le", until),
            ],
            button="Prendre en compte",
        ),
    )


def tell_reminder(project: Project, reached: datetime) -> int:
    """Whoever answers today: the person in charge, and their replacement when they are away."""
    until = moment(project, project.acknowledge_by)
    replacement = answering.replacement_of(project)
    people = [one for one in (project.in_charge, replacement) if one is not None]
    return _to_state(
        people,
        topics.DEADLINES,
        project,
        Words(
            cause=f"project:{project.pk}:acknowledge:{reached:%Y%m%d%H}",
            title=f"À prendre en compte avant le {until} : {project.name}",
            body="Le porteur attend de savoir qui le rappelle. Passé ce délai, le service régional"
            " est prévenu.",
            facts=[("Avant le", until)],
            button="Prendre en compte",
        ),
    )


def tell_escalated(project: Project, pair: StatePair) -> None:
    """The region's service, where there is one, and those who are late."""
    filed, until = (moment(project, at) for at in (project.deposited_at, project.acknowledge_by))
    people = people_alerted(project, pair)
    if pair.escalates_to is not None:
        above = pair.escalates_to
        people += [answering.who_answers(above, departement=pair.departement), above.referent]
    _to_state(
        {one.pk: one for one in people}.values(),
        topics.DEADLINES,
        project,
        Words(
            cause=f"project:{project.pk}:escalated:{project.acknowledge_by:%Y%m%d%H}",
            title=f"En retard : personne n’a pris en compte {project.name}",
            body=f"Déposé le {filed}, à prendre en compte avant le {until} :"
            f" {project.in_charge} ({project.service_in_charge}) devait le faire."
            " Le binôme et le service régional peuvent le faire ou le confier à quelqu’un d’autre.",
            facts=[
                ("Déposé le", filed),
                ("À prendre en compte avant le", until),
                ("En charge", f"{project.in_charge} ({project.service_in_charge})"),
            ],
        ),
    )


def tell_in_charge(project: Project, *, reason: str, actor: Actor) -> None:
    """The person who answers from now on; the holder, who has to know whom to call."""
    last = project.events.filter(kind=EventKind.IN_CHARGE).order_by("-id").first()
    if project.state != S.DEPOSITED:  # until then the holder knows no name
        tell_holder(
            project,
            cause=f"project:{project.pk}:contact:{last.pk if last else 0}",
            subject=f"Votre interlocuteur change : {project.name}",
            intro=f"Votre interlocuteur est désormais : {in_charge_words(project)}.",
            after="Rien d’autre ne change pour votre projet.",
        )
    if project.in_charge is None or project.in_charge_id == actor.user_id:
        return
    _to_state(
        [project.in_charge],
        topics.ASSIGNED,
        project,
        Words(
            cause=f"project:{project.pk}:in_charge:{last.pk if last else 0}",
            title=f"{actor.user or 'Préau'} vous confie un projet : {project.name}",
            body=f"Vous en répondez désormais. Motif : {reason}",
            facts=[("État", S(project.state).label)],
        ),
    )


def tell_assigned(assignment: Assignment, *, actor: Actor) -> None:
    """The person named, or the service's referent and whoever answers there today."""
    project, service = assignment.project, assignment.service
    people = [assignment.user] if assignment.user else _of(service)
    due = f", pour le {day(assignment.due_on)}" if assignment.due_on else ""
    role = ProjectRole(assignment.role).label.lower()
    waits = assignment.role != ProjectRole.OBSERVER
    _to_state(
        [one for one in people if one.pk != actor.user_id],
        topics.ASSIGNED,
        project,
        Words(
            cause=f"assignment:{assignment.pk}:made",
            title=f"Votre appui est demandé : {project.name}",
            body=f"{actor.user or 'Préau'} affecte {service} à ce projet, rôle : {role}{due}."
            + (" Acceptez ou déclinez depuis la page." if waits else ""),
            facts=[("Rôle", ProjectRole(assignment.role).label)],
            button="Répondre" if waits else "Voir le projet",
            url=reverse("projects:assignment", args=[assignment.pk]) if waits else "",
        ),
    )


def _of(service: StateService) -> list[User]:
    people = (answering.who_answers(service), service.referent)
    return list({one.pk: one for one in people}.values())


def tell_answered(assignment: Assignment, *, reason: str, actor: Actor) -> None:
    """Whoever asked, and whoever answers for the project."""
    project = assignment.project
    asked = [assignment.created_by, project.in_charge]
    people = {one.pk: one for one in asked if one is not None and one.pk != actor.user_id}
    said = "accepte" if assignment.state == "acceptee" else "décline"
    _to_state(
        people.values(),
        topics.ASSIGNED,
        project,
        Words(
            cause=f"assignment:{assignment.pk}:{assignment.state}",
            title=f"{assignment.service} {said} : {project.name}",
            body=f"Réponse de {actor.user or 'Préau'}." + (f" Motif : {reason}" if reason else ""),
            facts=[],
        ),
    )


# --- To the holder


def tell_holder(project: Project, *, cause: str, subject: str, intro: str, after: str) -> None:
    """Everybody on the holder's side; the address typed at the deposit when it is nobody's."""
    url = sheet_url(project)
    people = holder_side(project)
    alone = not people and project.contact_email
    text, html = compose(
        facts=facts_of(project),
        intro=intro,
        button_label="" if alone else "Voir le projet",
        button_url="" if alone else url,
        next_steps=after,
        contact=in_charge_words(project) if project.is_live else "",
    )
    mail = Mail(subject, text, html)
    topic = topics.DECISIONS.key
    tell([Notice(one, topic, subject, cause, intro, url, mail) for one in people])
    known = User.objects.filter(email=project.contact_email.lower())
    if alone and not known.exists():
        enqueue_email(
            cause=f"{cause}:to:contact",
            recipient=project.contact_email,
            subject=subject,
            text=text,
            html=html,
        )
