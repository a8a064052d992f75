"""A project sent to a démarche: the intention, the call, the outcome; three steps, never one
transaction. What a crash leaves is an intention, and it says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.perms import require_verified
from preau.connectors.actions.procedures import close
from preau.connectors.models import Dossier, DossierMove, Procedure
from preau.connectors.models.dossiers import PURPOSE
from preau.connectors.procedures import queries
from preau.connectors.procedures.filling import Filling, filled
from preau.connectors.procedures.remote import KEY, OFF, is_on, service
from preau.connectors.procedures.states import DECIDED, DossierState, Trouble
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.core.formats import local
from preau.core.sealed import seal
from preau.integrations import demarches
from preau.integrations.demarches import DAYS_TO_OPEN, NotFound, Prefilled
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.outside.calls import NotAsked, calling
from preau.projects import perms
from preau.projects.actions import funding as funding_actions
from preau.projects.actions.funding import FundingFacts, facts_of
from preau.projects.actions.states import lock, lock_open
from preau.projects.enums import FundingState
from preau.projects.models import FundingRequest, Project

D = DossierState
#: The service takes so many from one address in a quarter of a minute; ours leave in less than
#: five seconds after they are counted.
AT_ONCE = demarches.PREFILLINGS_AT_ONCE
COUNTED = timedelta(seconds=demarches.PREFILLINGS_SECONDS + 5)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('connectors.prefilling'))"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the holder says on the page: the amount, and the request it is for (None: a new one)."""

    asked_cents: int
    funding: FundingRequest | None = None


def ask(project: Project, procedure: Procedure, wanted: Wanted, *, actor: Actor) -> Dossier:
    """Make the dossier on the service, on the holder's click; its state says what came of it.

    Raises:
        Forbidden, Refusal: as `intend`. A service that fails raises nothing: the dossier says it.
    """
    dossier = intend(project, procedure, wanted, actor=actor)
    create(dossier)
    dossier.refresh_from_db()
    return dossier


@transaction.atomic
def intend(project: Project, procedure: Procedure, wanted: Wanted, *, actor: Actor) -> Dossier:
    """Note what is about to be sent, before anything leaves.

    Raises:
        Forbidden: not theirs to ask.
        Refusal: "off", "closed", "already" (one is under way), "busy" (too many just now).
    """
    perms.require(actor, "dossier.ask", project)
    require_verified(actor)
    project = lock_open(project)
    procedure = Procedure.objects.get(pk=procedure.pk)
    if not is_on():
        raise Refusal(OFF, code="off")
    if not procedure.is_offered:
        raise Refusal("Cette démarche n’est plus proposée.", code="closed")
    _clear(project, procedure)
    _count()
    funding = _funding(project, procedure, wanted, actor=actor)
    filling = filled(procedure, queries.facts(project, wanted.asked_cents, funding))
    dossier = Dossier(
        project=project,
        procedure=procedure,
        funding=funding,
        sent=[asdict(one) for one in filling.going],
        unsent=[asdict(one) for one in filling.staying],
        payload=dict(filling.payload),
        created_by=actor.user,
    )
    try:
        with transaction.atomic():
            dossier.save()
    except IntegrityError:
        raise Refusal(_ALREADY, code="already") from None
    audit.record(actor, "connectors.dossier_asked", dossier, project=project.pk)
    return dossier


_ALREADY = "Un dossier est déjà en cours pour cette démarche."


def _clear(project: Project, procedure: Procedure) -> None:
    """Put aside what stands in the way no longer.

    Raises:
        Refusal: something still does ("already").
    """
    if queries.current(project, procedure) is not None:
        raise Refusal(_ALREADY, code="already")
    for one in queries.of_project(project).filter(procedure=procedure):
        if queries.is_cut_short(one):
            give_up(one)
        elif one.state == D.PREFILLED and one.is_lapsed:
            move(one, D.EXPIRED)


def give_up(dossier: Dossier) -> None:
    """Cut short between the intention and the outcome: one may be over there, with no reader; the
    service deletes it after five days."""
    dossier.trouble = Trouble.DOWN
    move(dossier, D.UNSURE)


def move(dossier: Dossier, to: DossierState) -> None:
    """Change the state and keep the step, in the caller's transaction."""
    before, dossier.state = dossier.state, to
    dossier.moved_at = clock.now()
    dossier.save()
    DossierMove.objects.create(dossier=dossier, before=before, after=to)


def _count() -> None:
    """
    Raises:
        Refusal: the service would refuse one more ("busy").
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    since = clock.now() - COUNTED
    if Dossier.objects.filter(created_at__gt=since).count() >= AT_ONCE:
        raise Refusal(
            "Beaucoup de dossiers partent en ce moment : renvoyez cette page dans une demi-minute.",
            code="busy",
        )


def _funding(
    project: Project, procedure: Procedure, wanted: Wanted, *, actor: Actor
) -> FundingRequest:
    """The request it is for: the one chosen, that of an expired dossier, or a new one."""
    known = wanted.funding
    before = queries.last(project, procedure)
    if known is None and before is not None and before.state not in DECIDED:
        known = queries.planned(project).filter(pk=before.funding_id).first()
    if known is None:
        facts = FundingFacts(
            label=procedure.label, funder=procedure.funder, asked_cents=wanted.asked_cents
        )
        return funding_actions.add(project, facts, actor=actor)
    if not queries.planned(project).filter(pk=known.pk).exists():
        raise Refusal(
            "Cette demande de financement est déjà envoyée : choisissez-en une autre.",
            field="funding",
            code="funding",
        )
    return funding_actions.change(
        known, replace(facts_of(known), asked_cents=wanted.asked_cents), actor=actor
    )


def locked(dossier: Dossier) -> Dossier:
    """The dossier as it is now, for this transaction alone: its project first, as everybody does
    who makes another, or two would wait for each other."""
    project = lock(dossier.project)
    found = Dossier.objects.select_for_update(of=("self",)).select_related("funding", "procedure")
    fresh = found.get(pk=dossier.pk)
    fresh.project = project
    return fresh


def create(dossier: Dossier) -> None:
    """Ask the service, once, then note what it answered: outside any transaction."""
    made: Prefilled | None = None
    state, trouble = D.FAILED, Trouble.REFUSED
    try:
        with calling(KEY):
            made = demarches.prefill(service(), dossier.procedure.number, dossier.payload)
    except NotAsked:
        trouble = Trouble.PAUSED
    except Throttled:
        trouble = Trouble.THROTTLED
    except Unauthorized:
        trouble = Trouble.REFUSED
    except Unavailable:  # it may have made one all the same
        state, trouble = D.UNSURE, Trouble.DOWN
    except NotFound:
        trouble = Trouble.CLOSED
        close(dossier.procedure)
    except Rejected:
        trouble = Trouble.REFUSED
    if made is not None:
        _made(dossier, made)
    else:
        _not_made(dossier, state, trouble)


@transaction.atomic
def _not_made(dossier: Dossier, state: DossierState, trouble: Trouble) -> None:
    fresh = locked(dossier)
    if fresh.state == D.INTENDED:
        fresh.trouble = trouble
        move(fresh, state)


@transaction.atomic
def _made(dossier: Dossier, made: Prefilled) -> None:
    fresh = locked(dossier)
    if fresh.state != D.INTENDED:  # given up meanwhile: nobody has its address, it will go
        return
    fresh.number = made.number
    fresh.sealed_token = seal(made.token, purpose=PURPOSE)
    fresh.sealed_url = seal(made.url, purpose=PURPOSE)
    fresh.expires_at = clock.now() + timedelta(days=DAYS_TO_OPEN)
    move(fresh, D.PREFILLED)
    facts = replace(facts_of(fresh.funding), external_number=str(made.number))
    funding_actions.change(fresh.funding, facts, actor=SYSTEM)


@transaction.atomic
def grant(dossier: Dossier, granted_cents: int, decided_on: date, *, actor: Actor) -> None:
    """The holder says what was granted: the service does not.

    Raises:
        Forbidden, Refusal: as `funding.change`; not accepted ("not_accepted").
    """
    perms.require(actor, "dossier.ask", dossier.project)
    fresh = locked(dossier)
    if not fresh.awaits_amount:
        raise Refusal("Ce dossier n’attend pas de montant accordé.", code="not_accepted")
    facts = replace(
        facts_of(fresh.funding),
        state=FundingState.GRANTED,
        granted_cents=granted_cents,
        decided_on=decided_on,
    )
    funding_actions.change(fresh.funding, facts, actor=actor)


def decision_day(dossier: Dossier) -> date:
    """As the service dates it, where the project is."""
    return local(dossier.processed_at or dossier.moved_at, dossier.project.zone).date()


def preview(project: Project, procedure: Procedure, asked_cents: int | None) -> Filling:
    """What would be sent now."""
    return filled(procedure, queries.facts(project, asked_cents, None))
