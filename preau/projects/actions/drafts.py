"""Drafts: taken up by a person, sent as a link, thrown away, forgotten after six months."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from preau.accounts.actors import SYSTEM
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.projects.actions import states
from preau.projects.emails import filing as emails_filing
from preau.projects.enums import ProjectState
from preau.projects.filers import Filer
from preau.projects.models import Filing, Project, StatePair

#: A draft that nobody touches is kept so long; its holder is told a fortnight before.
KEPT = timedelta(days=183)
WARNED_BEFORE = timedelta(days=14)
#: Drafts thrown away at a time: the nightly run comes back.
BATCH = 500


@transaction.atomic
def adopt(project: Project, *, by: Filer) -> Project:
    """Make a browser's draft that of the person who has signed in there and opens it.

    A draft whose SIRET is that of the organisation whose hat is worn is that organisation's.
    """
    person = by.actor.person
    draft = states.lock(project)
    if not draft.is_draft or draft.holder_user_id is not None or not by.holds_key(draft):
        return draft
    draft.holder_user = draft.filed_by = person
    draft.visitor_key = ""
    worn = by.actor.organization
    if worn is not None and draft.holder_siret and worn.siret == draft.holder_siret:
        draft.holder_organization, draft.holder_name = worn, worn.name
    names = ["holder_user", "filed_by", "visitor_key", "holder_organization", "holder_name"]
    draft.save(update_fields=names)
    audit.record(by.actor, "projects.adopt", draft)
    return draft


@transaction.atomic
def send_link(project: Project, *, email: str, by: Filer) -> None:
    """Send the link that takes the draft up again, and keep where it went.

    Raises:
        Refusal: it is filed already.
    """
    project = states.lock(project)
    by.require(project)
    _refuse_filed(project)
    Filing.objects.filter(project=project).update(resume_email=email.lower())
    emails_filing.send_link(project, email.lower())
    audit.record(by.actor, "projects.send_link", project)


def send_links_again(email: str) -> int:
    """New links to the drafts known under an address, to that address alone."""
    drafts = Project.objects.filter(
        Q(filing__resume_email=email.lower()), state=ProjectState.DRAFT
    ).order_by("-updated_at")[:5]
    for draft in drafts:
        emails_filing.send_link(draft, email.lower())
    return len(drafts)


def _refuse_filed(project: Project) -> None:
    if not project.is_draft:
        raise Refusal("Ce projet est déposé : il n’est plus un brouillon.", code="filed")


@transaction.atomic
def delete(project: Project, *, by: Filer) -> None:
    """Throw a draft away, for good."""
    found = Project.objects.select_for_update().filter(pk=project.pk).first()
    if found is None:  # the button pressed twice
        return
    by.require(found)
    _refuse_filed(found)
    audit.record(by.actor, "projects.delete_draft", found)
    found.delete()


# --- At night


def _untouched(since: timedelta) -> QuerySet[Project]:
    late = clock.now() - since
    drafts = Project.objects.filter(state=ProjectState.DRAFT, updated_at__lt=late)
    return drafts.exclude(filing__awaits_pair_since__isnull=False)


def warn_forgotten() -> int:
    """Tell those whose draft will soon be thrown away, when we know how to reach them."""
    soon = _untouched(KEPT - WARNED_BEFORE).filter(filing__warned_at=None)
    warned = 0
    for draft in soon.select_related("filing", "holder_user").order_by("pk")[:BATCH]:
        with transaction.atomic():
            if emails_filing.warn(draft, KEPT):
                warned += 1
            Filing.objects.filter(project=draft).update(warned_at=clock.now())
    return warned


def purge_forgotten() -> int:
    """Throw away the drafts untouched for six months; those told, a fortnight after at least."""
    told = Q(filing__warned_at__lt=clock.now() - WARNED_BEFORE) | Q(filing=None)
    gone = 0
    for draft in _untouched(KEPT).filter(told).order_by("pk")[:BATCH]:
        with transaction.atomic():
            found = _still(draft)
            if found is None:
                continue
            audit.record(SYSTEM, "projects.purge_draft", found)
            found.delete()
            gone += 1
    return gone


def _still(draft: Project) -> Project | None:
    """The draft, locked, unless somebody took it up meanwhile."""
    found = Project.objects.select_for_update().filter(
        pk=draft.pk, state=ProjectState.DRAFT, updated_at=draft.updated_at
    )
    return found.first()


def tell_new_pairs() -> int:
    """Tell those whose deposit waited for a pair that there is one now."""
    awaited = Filing.objects.filter(
        awaits_pair_since__isnull=False,
        project__state=ProjectState.DRAFT,
        project__departement_code__in=StatePair.objects.values("departement"),
    ).select_related("project__holder_user")
    told = 0
    for filing in awaited.order_by("pk")[:BATCH]:
        with transaction.atomic():
            emails_filing.tell_pair(filing.project)
            filing.awaits_pair_since = None
            filing.save(update_fields=["awaits_pair_since"])
            # Six months from now: the wait was ours.
            Project.objects.filter(pk=filing.project_id).update(updated_at=clock.now())
            told += 1
    return told
