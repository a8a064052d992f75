"""Filing a project: a draft kept at each step, then its deposit.

A draft is a browser's until somebody signs in with it (`filers.Filer`), then that person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, Organization
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.projects import filers, filing_steps
from preau.projects.actions import answers, states, territory
from preau.projects.enums import Origin, ProjectRole
from preau.projects.filers import Filer
from preau.projects.filing_steps import Step
from preau.projects.models import (
    Assessment,
    Filing,
    Programme,
    Project,
    ProjectMember,
    QuestionnaireVersion,
)
from preau.projects.questions import Known
from preau.projects.references import new_reference
from preau.territories.models import Commune, Epci

#: Drafts of one person at once: more is a robot, or somebody lost.
MOST_DRAFTS = 30
#: What is kept of a field before it is checked.
LONGEST, MOST_TICKED = 20_000, 500


@dataclass(frozen=True, slots=True)
class Who:
    """Who carries the project, as said at the first step.

    Attributes:
        membership: one's own organisation; the rest is then taken from it.
        on_behalf: an agent of the State files for somebody, who will be invited.
        partner: the local authority with which an association files, when it is on the platform.
    """

    membership: Membership | None = None
    kind: str = ""
    name: str = ""
    siret: str = ""
    commune: Commune | None = None
    on_behalf: bool = False
    partner_name: str = ""
    partner: Organization | None = None


@transaction.atomic
def start_draft(*, by: Filer) -> Project:
    """A new draft: the person's, or under a new key that the browser will keep.

    Raises:
        Refusal: too many drafts are open ("too_many").
    """
    user = by.actor.user
    if user is not None:
        mine = Project.objects.filter(holder_user=user, state="brouillon")
        if mine.count() >= MOST_DRAFTS:
            raise Refusal(
                f"Vous avez déjà {MOST_DRAFTS} brouillons. Terminez ou supprimez l’un d’eux.",
                code="too_many",
            )
    project = Project.objects.create(
        reference=new_reference(),
        holder_user=user,
        filed_by=user,
        visitor_key="" if user else filers.new_key(),
    )
    Filing.objects.create(project=project)
    audit.record(by.actor, "projects.start", project)
    return project


def _open(project: Project, by: Filer) -> Project:
    """The draft, locked, if it is theirs and still one.

    Raises:
        Forbidden: not theirs.
        Refusal: it was filed meanwhile, or thrown away ("gone", "filed").
    """
    try:
        found = states.lock(project)
    except Project.DoesNotExist:
        raise Refusal(
            "Ce brouillon a été supprimé depuis un autre onglet. Copiez ce que vous venez"
            " d’écrire, puis commencez un autre dépôt.",
            code="gone",
        ) from None
    if not found.is_draft:
        raise Refusal(
            "Ce projet vient d’être déposé depuis un autre onglet. Ce que vous venez d’écrire"
            " n’est pas enregistré : reportez-le sur sa fiche.",
            code="filed",
        )
    by.require(found)
    return found


def _keep(project: Project, step: Step, by: Filer, *names: str, **more: Any) -> None:
    """Save these fields of the draft; the step is gone through."""
    project.updated_at = clock.now()
    project.save(update_fields=[*names, "updated_at"])
    _mark(project, filing_steps.key_of(step), **more)
    audit.record(by.actor, "projects.draft", project, step=str(step))


def _mark(project: Project, key: str, **more: Any) -> None:
    filing = filing_steps.filing_of(project)
    filing.done = filing.done if key in filing.done else [*filing.done, key]
    filing.warned_at = None  # somebody is at work on it again
    filing.typed.pop(key, None)
    for name, value in more.items():
        setattr(filing, name, value)
    filing.save(update_fields=["done", "warned_at", "typed", *more])


@transaction.atomic
def keep_typed(
    project: Project, page: filing_steps.Page, typed: Mapping[str, Any], *, by: Filer
) -> Project:
    """Keep what was left half-written on a page, as typed; nothing of it is checked yet.

    Args:
        typed: field → what its control sent; empty to forget what was kept.

    Raises:
        Forbidden: not theirs.
        Refusal: it was filed meanwhile, or thrown away ("gone", "filed").
    """
    project = _open(project, by)
    filing = filing_steps.filing_of(project)
    if not typed and page.key not in filing.typed:
        return project
    filing.typed.pop(page.key, None)
    if typed:
        filing.typed[page.key] = {name: _short(value) for name, value in typed.items()}
    filing.warned_at = None
    filing.save(update_fields=["typed", "warned_at"])
    name = str(typed.get("name", "")).strip()[:160] if page.step == Step.WHAT else ""
    project.name = _short(name) or project.name  # lists of drafts say which one it is
    project.updated_at = clock.now()
    project.save(update_fields=["name", "updated_at"])
    audit.record(by.actor, "projects.draft", project, step=str(page.step))
    return project


def _short(value: Any) -> Any:
    """As much as a page may hold; the database keeps no NUL."""
    if isinstance(value, list):
        return [_short(one) for one in value[:MOST_TICKED]]
    return value.replace("\0", "")[:LONGEST] if isinstance(value, str) else value


@transaction.atomic
def save_who(project: Project, who: Who, *, by: Filer) -> Project:
    project = _open(project, by)
    organization = who.membership.organization if who.membership else None
    if who.membership is not None and not _is_theirs(who.membership, by.actor):
        raise Refusal(
            "Vous n’êtes plus membre de cette structure. Choisissez-en une autre.", field="acting"
        )
    project.holder_organization = organization
    project.holder_name = (organization.name if organization else who.name)[:160]
    project.holder_siret = organization.siret if organization else who.siret
    project.origin = Origin.AGENT if who.on_behalf else Origin.SITE
    commune = organization.commune if organization else who.commune
    _set_partner(project, who.partner, by.actor)
    names = ("holder_organization", "holder_name", "holder_siret", "origin")
    _keep(
        project,
        Step.WHO,
        by,
        *names,
        holder_kind=organization.kind if organization else who.kind,
        holder_commune=commune,
        partner_name=(who.partner.name if who.partner else who.partner_name)[:160],
    )
    if project.lead_commune_id is None and commune is not None:  # proposed at the third step
        territory.set_territory(project, [commune])
        territory.set_programmes(project, territory.programmes_there(project))
    return project


@transaction.atomic
def name_holder(project: Project, membership: Membership, *, by: Filer) -> Project:
    """Put a draft that only named a structure in the name of that structure, now verified.

    Raises:
        Refusal: no longer a member of it, or the draft is filed or gone.
    """
    partner = project.members.filter(organization__isnull=False).select_related("organization")
    known = partner.first()
    who = Who(
        membership,
        partner_name=filing_steps.filing_of(project).partner_name,
        partner=known.organization if known else None,
    )
    return save_who(project, who, by=by)


def _is_theirs(membership: Membership, actor: Actor) -> bool:
    live = Membership.objects.filter(pk=membership.pk, user=actor.user_id, ended_at=None)
    return actor.user_id is not None and live.exists()


def _set_partner(project: Project, partner: Organization | None, actor: Actor) -> None:
    """A draft is shown to no member: the partner sees the project once it is filed."""
    project.members.exclude(organization=partner).filter(organization__isnull=False).delete()
    if partner is not None and not project.members.filter(organization=partner).exists():
        ProjectMember.objects.create(
            project=project,
            organization=partner,
            role=ProjectRole.SUPPORT,
            invited_by=actor.user,
        )


@transaction.atomic
def save_what(
    project: Project,
    *,
    by: Filer,
    name: str,
    purpose: str,
    description: str,
    themes: Sequence[str],
    phase: str,
) -> Project:
    project = _open(project, by)
    project.name = name
    # As the sheet keeps them: its form would otherwise take each for changed.
    project.purpose = purpose.replace("\r\n", "\n")
    project.description = description.replace("\r\n", "\n")
    project.themes, project.phase = list(themes), phase
    _keep(project, Step.WHAT, by, "name", "purpose", "description", "themes", "phase")
    return project


@transaction.atomic
def save_where(
    project: Project,
    communes: Sequence[Commune],
    *,
    by: Filer,
    epci: Epci | None = None,
    done: bool = True,
) -> Project:
    """Where it is, and the programmes of the place, proposed anew when the place changes.

    Args:
        done: False while the person is still adding communes.
    """
    project = _open(project, by)
    before = set(territory.programmes_there(project))
    territory.set_territory(project, communes, epci)
    there = set(territory.programmes_there(project))
    if there != before:
        chosen = set(Programme.objects.filter(projects__project=project, projects__until=None))
        territory.set_programmes(project, (chosen - (before - there)) | (there - before))
    if done:
        _keep(project, Step.WHERE, by)
    return project


@transaction.atomic
def save_programmes(project: Project, programmes: Iterable[Programme], *, by: Filer) -> Project:
    project = _open(project, by)
    offered = {*territory.programmes_there(project), *territory.programmes_everywhere()}
    territory.set_programmes(project, [one for one in programmes if one in offered])
    _keep(project, Step.PROGRAMMES, by)
    return project


@transaction.atomic
def save_money(
    project: Project,
    *,
    by: Filer,
    budget_cents: int | None,
    starts_on: date | None,
    ends_on: date | None,
) -> Project:
    project = _open(project, by)
    if starts_on and ends_on and ends_on < starts_on:
        raise Refusal("La fin prévue ne peut pas précéder le début.", field="ends_on", code="dates")
    project.budget_cents, project.starts_on, project.ends_on = budget_cents, starts_on, ends_on
    _keep(project, Step.MONEY, by, "budget_cents", "starts_on", "ends_on")
    return project


@transaction.atomic
def save_questions(
    project: Project,
    programme: Programme,
    version: QuestionnaireVersion,
    values: Mapping[str, Any],
    *,
    by: Filer,
    known: Mapping[str, Known] | None = None,
) -> Project:
    """Keep the answers to what a programme asks, under the version that was shown."""
    project = _open(project, by)
    assessment, _ = Assessment.objects.get_or_create(
        project=project, version=version, edition=1, defaults={"created_by": by.actor.user}
    )
    answers.write_answers(assessment, values, actor=by.actor, known=known)
    # A version put in force meanwhile asked again: only its answers stand.
    former = Assessment.objects.filter(
        project=project, version__questionnaire=version.questionnaire_id
    )
    former.exclude(pk=assessment.pk).delete()
    _keep(project, Step.QUESTIONS, by)
    _mark(project, filing_steps.key_of(Step.QUESTIONS, programme))
    return project


@transaction.atomic
def save_contact(
    project: Project, *, by: Filer, name: str, function: str, email: str, phone: str
) -> Project:
    project = _open(project, by)
    project.contact_name, project.contact_function = name, function
    project.contact_email, project.contact_phone = email.lower(), phone
    names = ("contact_name", "contact_function", "contact_email", "contact_phone")
    _keep(project, Step.CONTACT, by, *names)
    return project
