"""A kit on a project: taking it, ticking its steps, neighbours' support, the local currency."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.initiatives.enums.kits import KitState, WordsState
from preau.initiatives.models import (
    KitStep,
    KitUse,
    KitUseStep,
    KitVersion,
    Partnership,
    Support,
)
from preau.projects import history
from preau.projects import perms as project_perms
from preau.projects.actions import filing
from preau.projects.enums import EventKind
from preau.projects.filers import Filer
from preau.projects.models import Project
from preau.resources.enums import Phase

MOST_THEMES = 4


@transaction.atomic
def take(version: KitVersion, project: Project, *, actor: Actor) -> KitUse:
    """Put the kit on a project; taken twice, it is the same.

    Raises:
        Forbidden: not theirs to write on the project.
        Refusal: the kit is not offered any more ("withdrawn").
    """
    project_perms.require(actor, "project.contribute", project)
    if version.state != KitState.PUBLISHED:
        raise Refusal("Cette version du kit n’est plus proposée.", code="withdrawn")
    use, made = KitUse.objects.get_or_create(
        version=version, project=project, removed_at=None, defaults={"started_by": actor.user}
    )
    if made:
        audit.record(actor, "initiatives.take_kit", use)
        _note(use, actor, version.title, after="commencé")
    return use


@transaction.atomic
def take_for_new(version: KitVersion, *, name: str, actor: Actor) -> KitUse:
    """Begin a project with the kit: a draft that already has its checklist."""
    by = Filer(actor)
    project = filing.start_draft(by=by)
    project = filing.save_what(
        project,
        by=by,
        name=name.strip()[:160] or version.title,
        purpose="",
        description="",
        themes=list(version.themes)[:MOST_THEMES],
        phase=Phase.IDEA,
    )
    if actor.membership is not None:
        filing.save_who(project, filing.Who(membership=actor.membership), by=by)
    return take(version, project, actor=actor)


def _note(use: KitUse, actor: Actor, about: str, *, after: str) -> None:
    """A line of the project's history, once it is filed."""
    if not use.project.is_draft:
        change = ("", after)
        history.note(
            use.project, EventKind.STEP, actor=actor, about=f"Kit : {about}", change=change
        )


def _held(use: KitUse, actor: Actor) -> KitUse:
    project_perms.require(actor, "project.contribute", use)
    found = KitUse.objects.select_for_update(of=("self",)).select_related(
        "version", "project__lead_commune"
    )
    use = found.get(pk=use.pk)
    if use.removed_at is not None:
        raise Refusal("Ce kit a été retiré du projet.", code="removed")
    return use


@transaction.atomic
def tick(use: KitUse, step: KitStep, *, note: str = "", actor: Actor) -> None:
    """Say that a step is done; twice is once."""
    use = _held(use, actor)
    if step.version_id != use.version_id:
        raise Refusal("Cette étape n’est pas de ce kit.", code="other")
    _, made = KitUseStep.objects.get_or_create(
        use=use, step=step, defaults={"done_by": actor.user, "note": note.strip()[:500]}
    )
    if made:
        audit.record(actor, "initiatives.tick", use, step=step.pk)
        _note(use, actor, step.title, after="fait")


@transaction.atomic
def untick(use: KitUse, step: KitStep, *, actor: Actor) -> None:
    use = _held(use, actor)
    gone, _ = use.ticks.filter(step=step).delete()
    if gone:
        audit.record(actor, "initiatives.untick", use, step=step.pk)
        _note(use, actor, step.title, after="à refaire")


@transaction.atomic
def remove(use: KitUse, *, actor: Actor) -> None:
    """Follow it no more; supports given are erased with it."""
    use = _held(use, actor)
    use.supports.all().delete()
    use.support_open, use.removed_at = False, clock.now()
    use.save(update_fields=["support_open", "removed_at"])
    audit.record(actor, "initiatives.remove_kit", use)
    _note(use, actor, use.version.title, after="retiré")


# --- The page of support


@transaction.atomic
def open_support(use: KitUse, *, appeal: str, actor: Actor) -> KitUse:
    """Put the page of support online, or change what it says.

    Raises:
        Refusal: nothing said to the neighbours ("appeal").
    """
    use = _held(use, actor)
    if not appeal.strip():
        raise Refusal(
            "Dites aux habitants ce que vous voulez faire, et ce que leur soutien changera.",
            field="appeal",
            code="appeal",
        )
    use.appeal, use.support_open = appeal.strip()[:2000], True
    use.support_opened_at = use.support_opened_at or clock.now()
    use.save(update_fields=["appeal", "support_open", "support_opened_at"])
    audit.record(actor, "initiatives.open_support", use)
    return use


@transaction.atomic
def close_support(use: KitUse, *, actor: Actor) -> KitUse:
    """Take the page off; the supports already given still count."""
    use = _held(use, actor)
    use.support_open = False
    use.save(update_fields=["support_open"])
    audit.record(actor, "initiatives.close_support", use)
    return use


@transaction.atomic
def judge_words(support: Support, *, show: bool, actor: Actor) -> Support:
    """Show or put aside the words left with a support: nobody reads them before."""
    project_perms.require(actor, "project.contribute", support.use)
    support = Support.objects.select_for_update().get(pk=support.pk)
    if support.words:
        support.words_state = WordsState.SHOWN if show else WordsState.HIDDEN
        support.save(update_fields=["words_state"])
        audit.record(actor, "initiatives.judge_words", support, shown=show)
    return support


# --- The local currency: a record, no account


@transaction.atomic
def record_currency(
    project: Project,
    *,
    name: str,
    partners: str,
    since: date,
    until: date | None = None,
    note: str = "",
    actor: Actor,
    former: Partnership | None = None,
) -> Partnership:
    """Note a local currency with the shops that take it, or change what was noted."""
    project_perms.require(actor, "project.contribute", project)
    if until is not None and until < since:
        raise Refusal("La fin ne peut pas précéder le début.", field="until", code="dates")
    one = Partnership(project=project, created_by=actor.user)
    if former is not None:
        rows = Partnership.objects.select_for_update()
        there = rows.filter(pk=former.pk, project=project).first()
        if there is None:
            raise Refusal("Cette monnaie n’est pas, ou plus, notée sur ce projet.", code="other")
        one = there
    one.name, one.partners = name.strip(), partners.strip()
    one.since, one.until, one.note = since, until, note.strip()
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as error:
        raise Refusal("Vérifiez les dates.", field="until", code="dates") from error
    audit.record(actor, "initiatives.record_currency", one)
    if not project.is_draft:
        history.note(
            project,
            EventKind.IDENTITY,
            actor=actor,
            about="Monnaie complémentaire",
            change=("", one.name),
        )
    return one
