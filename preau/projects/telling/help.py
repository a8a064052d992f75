"""What each side is told of blockages and recommendations; the same cause tells once.

What the State's side alone may know (suggestions, drafts) is written to the State's side alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import User
from preau.core import clock
from preau.core.formats import count, day, local
from preau.notifications.actions import Mail, Notice, tell
from preau.notifications.emails import compose
from preau.projects import answer_links, answering
from preau.projects.enums import BlockageState, RecommendationState, Severity
from preau.projects.models import (
    Blockage,
    Project,
    Recommendation,
    RecommendationAnswer,
    StatePair,
)
from preau.projects.recipients import holder_side, state_side
from preau.projects.suggestions.one import Suggestion
from preau.projects.telling.pair import facts_of, in_charge_words, people_alerted, still_reads
from preau.projects.topics import help as topics_help
from preau.projects.words.naming import named
from preau.resources.enums import BlockageKind, HelpKind

#: What a letter names; the page has the rest.
NAMED = 5


def blockage_url(blockage: Blockage) -> str:
    return reverse("projects:blockage", args=[blockage.project.key, blockage.pk])


def _facts_of(blockage: Blockage) -> list[tuple[str, str]]:
    kind, severity = BlockageKind(blockage.kind).label, Severity(blockage.severity).label
    return [
        *facts_of(blockage.project),
        ("Blocage", f"{blockage.title} ({kind}, {severity.lower()})"),
    ]


# --- To the State's side


def tell_opened(blockage: Blockage, suggestions: Sequence[Suggestion]) -> None:
    """Those at work on the project, with what may help; never the holder's side."""
    project, url = blockage.project, blockage_url(blockage)
    title = f"Blocage signalé : {project.name}"
    lines = [
        f"{one.title} ({HelpKind(one.kind).label.lower()}). {' '.join(one.reasons[:2])}"
        for one in suggestions[:NAMED]
    ]
    lead = f"« {blockage.title} ». Le porteur sait que vous êtes prévenu et attend un conseil."
    if lines:
        found = count(len(suggestions), "piste")
        advice = f"{found} à relire, à adapter ou à écarter :\n\n" + "\n\n".join(lines)
    else:
        advice = "Préau n’a pas trouvé de piste : rédigez une recommandation depuis la page."
    text, html = compose(
        facts=_facts_of(blockage),
        intro=f"{lead}\n\n{advice}",
        button_label="Conseiller le porteur",
        button_url=url,
        next_steps="Rien n’est envoyé au porteur tant que vous ne l’envoyez pas.",
    )
    replacement = answering.replacement_of(project)
    people = [*state_side(project), *([replacement] if replacement else [])]
    cause = f"blockage:{blockage.pk}:opened:{blockage.opened_at:%Y%m%d%H%M%S}"
    mail = Mail(title, text, html)
    topic = topics_help.BLOCKAGES.key
    others = [
        one for one in people if one.pk != blockage.declared_by_id and still_reads(one, project)
    ]
    tell([Notice(one, topic, title, cause, lead, url, mail) for one in others])


def tell_without_advice(blockage: Blockage, pair: StatePair | None, days: int) -> None:
    """The pair: nothing was proposed in time."""
    project, url = blockage.project, blockage_url(blockage)
    people = people_alerted(project, pair) if pair else state_side(project)
    title = f"Sans conseil depuis {count(days, 'jour')} : {project.name}"
    since = local(blockage.opened_at, project.time_zone).date()
    body = (
        f"« {blockage.title} » bloque ce projet depuis le {day(since)} et"
        " rien n’a encore été proposé au porteur."
    )
    text, html = compose(
        facts=_facts_of(blockage),
        intro=body,
        button_label="Voir les pistes",
        button_url=url,
        next_steps="Envoyez un premier conseil, même partiel, ou prenez le blocage en charge.",
    )
    cause = f"blockage:{blockage.pk}:no_advice:{blockage.opened_at:%Y%m%d%H%M%S}"
    mail, topic = Mail(title, text, html), topics_help.BLOCKAGES.key
    readers = [one for one in people if still_reads(one, project)]
    tell([Notice(one, topic, title, cause, body, url, mail) for one in readers])


def tell_answered(
    recommendation: Recommendation, answer: RecommendationAnswer, *, actor: Actor
) -> None:
    """Whoever advised, and whoever answers for the project."""
    project = recommendation.project
    asked = [recommendation.author, project.in_charge]
    people = {one.pk: one for one in asked if one is not None and one.pk != actor.user_id}
    said = RecommendationState(answer.state).label.lower()
    title = f"Réponse du porteur ({said}) : {recommendation.title}"
    body = f"{actor.user}, pour « {project.name} » : {said}."
    if answer.reason:
        body += f" « {answer.reason} »"
    if answer.helpful is not None:
        body += " Cette recommandation l’aide." if answer.helpful else " Elle ne l’aide pas."
    url = recommendation_url(recommendation)
    cause = f"recommendation:{recommendation.pk}:answer:{answer.pk}"
    topic = topics_help.REPLIES.key
    readers = [one for one in people.values() if still_reads(one, project)]
    tell([Notice(one, topic, title, cause, body, url) for one in readers])


# --- To the holder's side


def recommendation_url(recommendation: Recommendation) -> str:
    key = recommendation.project.key
    return reverse("projects:recommendation", args=[key, recommendation.pk])


def tell_sent(project: Project, sent: Sequence[Recommendation], *, actor: Actor) -> None:
    """One letter for all that left together; its link answers signed out, each person's own."""
    if not sent:
        return
    first, several = sent[0], len(sent) > 1
    who = named(str(actor.organization or actor.user or "Préau"))
    if several:
        title = f"{len(sent)} recommandations pour « {project.name} »"
        facts = [(f"{rank}. {_kind(one)}", one.title) for rank, one in enumerate(sent, 1)]
        intro = f"{who} vous propose {len(sent)} pistes pour avancer."
        url = reverse("projects:recommendations", args=[project.key])
    else:
        title = f"Une recommandation pour « {project.name} » : {first.title}"
        facts = [("Proposé", f"{first.title} ({_kind(first).lower()})")]
        if first.due_on:
            facts.append(("À faire avant le", day(first.due_on)))
        intro = f"{who} vous propose une piste pour avancer.\n\nPourquoi : {first.rationale}"
        url = recommendation_url(first)
    notices = []
    for person in holder_side(project):
        text, html = compose(
            facts=[("Projet", f"{project.name} ({project.reference})"), *facts],
            intro=intro,
            button_label="Lire et répondre",
            button_url=answer_links.page_for(first, person),
            next_steps="Dites en un geste ce que vous en faites : à étudier, engagée, refusée…"
            " Le lien ci-dessus vous est personnel et fonctionne sans vous connecter.",
            contact=in_charge_words(project),
        )
        cause = "recommendations:sent:" + "-".join(str(one.pk) for one in sent)
        mail = Mail(title, text, html)
        topic = topics_help.RECOMMENDATIONS.key
        notices.append(Notice(person, topic, title, cause, intro, url, mail))
    tell(notices)


def tell_withdrawn(recommendation: Recommendation, reason: str) -> None:
    """It no longer holds: nothing is to be done."""
    project = recommendation.project
    title = f"Recommandation retirée : {recommendation.title}"
    body = f"Projet « {project.name} ». {reason} Vous n’avez rien à faire."
    _tell(
        holder_side(project),
        topics_help.RECOMMENDATIONS.key,
        title,
        f"recommendation:{recommendation.pk}:lapsed",
        body,
        recommendation_url(recommendation),
    )


def tell_moved(blockage: Blockage, event_id: int, *, actor: Actor) -> None:
    """Both sides, but whoever did it: it is in hand, or over."""
    project = blockage.project
    state = BlockageState(blockage.state)
    who = str(actor.user or "Préau")
    body = f"« {blockage.title} » : {state.label.lower()} par {who}."
    if blockage.end_reason:
        body += f" {blockage.end_reason}"
    people = {one.pk: one for one in [*holder_side(project), *state_side(project)]}
    people.pop(actor.user_id or 0, None)
    _tell(
        people.values(),
        topics_help.BLOCKAGES.key,
        f"Blocage {state.label.lower()} : {project.name}",
        f"blockage:{blockage.pk}:moved:{event_id}",
        body,
        blockage_url(blockage),
    )


def _tell(people: Iterable[User], topic: str, title: str, cause: str, body: str, url: str) -> None:
    tell([Notice(one, topic, title, cause, body, url) for one in people])


def _kind(recommendation: Recommendation) -> str:
    return HelpKind(recommendation.kind).label


def late_since(blockage: Blockage) -> int:
    """Whole days since it was said."""
    return (clock.now() - blockage.opened_at).days
