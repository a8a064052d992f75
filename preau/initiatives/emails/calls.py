"""The letters of calls: invitations, acknowledgements, reminders, decisions."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from preau.accounts.models import Organization, User
from preau.core import formats
from preau.initiatives import jury_links
from preau.initiatives.enums.calls import Decision, ReviewerRole, SubmissionState
from preau.initiatives.models import CallForInitiatives, Reviewer, Submission
from preau.initiatives.perms.calls import KEEPERS
from preau.initiatives.topics.calls import CALLS, JURY, SUBMISSIONS
from preau.notifications.actions import Mail, Notice, enqueue_email, tell
from preau.notifications.emails import compose


def people_of(submission: Submission) -> list[User]:
    """Who answers: the author, and whoever manages the organisation that does."""
    people = {submission.user_id: submission.user}
    if submission.organization is not None:
        people |= {one.pk: one for one in keepers_of(submission.organization)}
    return list(people.values())


def keepers_of(organization: Organization) -> list[User]:
    rows = organization.memberships.filter(ended_at=None, role__in=KEEPERS).select_related("user")
    return [one.user for one in rows]


def _tell(  # noqa: PLR0913  one argument a part of the message
    users: Iterable[User],
    topic: str,
    title: str,
    cause: str,
    url: str,
    facts: list[tuple[str, str]],
    *,
    intro: str,
    button: str,
    next_steps: str = "",
) -> None:
    text, html = compose(
        intro=intro, facts=facts, button_label=button, button_url=url, next_steps=next_steps
    )
    mail = Mail(title, text, html)
    tell([Notice(one, topic, title, cause, body=intro, url=url, email=mail) for one in users])


def submission_url(submission: Submission) -> str:
    return reverse("initiatives:submission", args=[submission.key])


def manage_url(call: CallForInitiatives) -> str:
    return reverse("initiatives:call_manage", args=[call.key])


# --- To those who answer


def sent(submission: Submission) -> None:
    call = submission.call
    facts = [
        ("Appel", call.title),
        ("Organisé par", str(call.organization)),
        ("Envoyée au nom de", submission.sender),
    ]
    _tell(
        people_of(submission),
        SUBMISSIONS.key,
        f"Votre candidature « {submission.title} » est envoyée",
        f"initiatives.sent:{submission.pk}",
        submission_url(submission),
        facts,
        intro=f"{call.organization} a reçu votre candidature à l’appel « {call.title} ».",
        button="Relire ma candidature",
        next_steps=(
            f"Les candidatures sont reçues jusqu’au {call.until}. Le jury les examine ensuite ;"
            " vous recevrez la décision et son motif par courriel. Jusque-là vous pouvez la"
            " retirer."
        ),
    )
    _tell(
        keepers_of(call.organization),
        CALLS.key,
        f"Une candidature à « {call.title} » : {submission.title}",
        f"initiatives.received:{submission.pk}",
        manage_url(call),
        [("Envoyée par", submission.sender)],
        intro=f"{submission.sender} répond à votre appel « {call.title} ».",
        button="Voir les candidatures",
    )


def withdrawn(submission: Submission) -> None:
    call = submission.call
    _tell(
        keepers_of(call.organization),
        CALLS.key,
        f"Candidature retirée : {submission.title}",
        f"initiatives.withdrawn:{submission.pk}",
        manage_url(call),
        [("Appel", call.title)],
        intro=f"{submission.sender} a retiré sa candidature « {submission.title} ».",
        button="Voir les candidatures",
    )


def remind_draft(submission: Submission) -> None:
    """Three days before it is too late."""
    call = submission.call
    closing = call.closes_at
    _tell(
        people_of(submission),
        SUBMISSIONS.key,
        f"Votre brouillon pour « {call.title} » : à envoyer avant le {call.until}",
        f"initiatives.draft:{submission.pk}:{closing.isoformat() if closing else ''}",
        submission_url(submission),
        [("À envoyer avant le", call.until)],
        intro=(
            f"Votre réponse à l’appel « {call.title} » n’est pas encore envoyée : le jury ne lira"
            " que ce qui l’est."
        ),
        button="Finir et envoyer",
    )


def decided(submission: Submission) -> None:
    call, decision = submission.call, Decision(submission.decision)
    nexts = {
        Decision.SELECTED: (
            "Vous pouvez en faire un projet en un clic : ce que vous avez écrit y est repris."
        ),
        Decision.WAITING: f"{call.organization} vous écrira si une place se libère.",
        Decision.REJECTED: (
            "Vous pouvez tout de même en faire un projet : les services de l’État vous répondent."
        ),
    }
    _tell(
        people_of(submission),
        SUBMISSIONS.key,
        f"Votre candidature « {submission.title} » est {_said(decision)}",
        f"initiatives.decided:{submission.pk}",
        submission_url(submission),
        [
            ("Appel", call.title),
            ("Décision", decision.label),
            ("Motif", submission.decision_reason),
        ],
        intro=f"{call.organization} a examiné votre candidature à l’appel « {call.title} ».",
        button="Voir la décision",
        next_steps=nexts.get(decision, ""),
    )


def _said(decision: Decision) -> str:
    if decision == Decision.WAITING:
        return "sur liste d’attente"
    return decision.label.lower()


def propose_project(submission: Submission) -> None:
    call = submission.call
    _tell(
        people_of(submission),
        SUBMISSIONS.key,
        f"{call.organization} vous propose de faire un projet de « {submission.title} »",
        f"initiatives.propose:{submission.pk}",
        reverse("initiatives:submission_project", args=[submission.key]),
        [("Appel", call.title)],
        intro=(
            f"{call.organization} a retenu « {submission.title} » et vous propose d’en faire un"
            " projet. Rien n’est créé sans vous : vous verrez d’abord ce qui est repris et qui le"
            " lira."
        ),
        button="Voir ce qui est proposé",
    )


def postponed(call: CallForInitiatives) -> None:
    rows = call.submissions.filter(state=SubmissionState.DRAFT)
    for submission in rows.select_related("user", "organization", "call__organization"):
        closing = call.closes_at
        _tell(
            people_of(submission),
            SUBMISSIONS.key,
            f"Plus de temps pour « {call.title} » : jusqu’au {call.until}",
            f"initiatives.postponed:{submission.pk}:{closing.isoformat() if closing else ''}",
            submission_url(submission),
            [("À envoyer avant le", call.until)],
            intro=f"{call.organization} a repoussé la fermeture de l’appel « {call.title} ».",
            button="Reprendre ma réponse",
        )


# --- To the jury and the organisers


def invite_reviewer(reviewer: Reviewer) -> None:
    call = reviewer.call
    role = ReviewerRole(reviewer.role).label
    subject = f"Invitation au jury de « {call.title} »"
    text, html = compose(
        intro=f"{call.organization} vous invite au jury de son appel « {call.title} ».",
        facts=[("Votre rôle", role), ("Réponses jusqu’au", call.until or "à fixer")],
        button_label="Voir l’invitation",
        button_url=jury_links.page_for(reviewer),
        next_steps=(
            "Vous pourrez accepter une fois connecté. Vous n’attendiez rien ? Ne faites rien."
        ),
    )
    cause = f"initiatives.jury:{reviewer.pk}"
    user = User.objects.filter(email__iexact=reviewer.email, is_active=True).first()
    if user is None:
        enqueue_email(cause=cause, recipient=reviewer.email, subject=subject, text=text, html=html)
        return
    mail = Mail(subject, text, html)
    url = jury_links.page_for(reviewer)
    tell([Notice(user, JURY.key, subject, cause, url=url, email=mail)])


def _jury(call: CallForInitiatives) -> list[User]:
    rows = call.reviewers.filter(removed_at=None).exclude(user=None).select_related("user")
    return [one.user for one in rows if one.user is not None]


def review_opens(call: CallForInitiatives) -> None:
    facts = [("Candidatures", str(call.submissions.filter(state=SubmissionState.SENT).count()))]
    if call.review_until:
        facts.append(("Avis attendus pour le", formats.day(call.review_until)))
    _tell(
        _jury(call),
        JURY.key,
        f"L’examen de « {call.title} » commence",
        f"initiatives.review:{call.pk}",
        reverse("initiatives:jury", args=[call.key]),
        facts,
        intro=f"Les candidatures à l’appel « {call.title} » vous sont ouvertes.",
        button="Lire et noter",
        next_steps=(
            "Vous lirez l’avis des autres une fois le vôtre envoyé. Un lien avec un candidat ?"
            " Déclarez-le sur sa candidature : vous ne la noterez pas."
        ),
    )


def remind_reviewer(reviewer: Reviewer, left: int) -> None:
    if reviewer.user is None:
        return
    call = reviewer.call
    day = formats.day(call.review_until) if call.review_until else ""
    _tell(
        [reviewer.user],
        JURY.key,
        f"{formats.count(left, 'avis', 'avis')} à rendre pour « {call.title} »",
        f"initiatives.late:{reviewer.pk}:{reviewer.reminded_on}",
        reverse("initiatives:jury", args=[call.key]),
        [("Attendus pour le", day)],
        intro=f"Le jury de « {call.title} » attend encore vos notes.",
        button="Lire et noter",
    )


def closed(call: CallForInitiatives) -> None:
    number = call.submissions.filter(state=SubmissionState.SENT).count()
    said = formats.count(number, "candidature reçue", "candidatures reçues")
    _tell(
        keepers_of(call.organization),
        CALLS.key,
        f"L’appel « {call.title} » est fermé : {said}",
        f"initiatives.closed:{call.pk}",
        manage_url(call),
        [("Reçues", str(number))],
        intro=f"Plus aucune réponse ne peut être envoyée à « {call.title} ».",
        button="Ouvrir l’examen",
    )
