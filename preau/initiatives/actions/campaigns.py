"""Preparing a campaign, opening it, saying what came, ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions.listing_states import check
from preau.initiatives.emails import campaigns as emails
from preau.initiatives.enums.campaigns import (
    CAMPAIGN_MOVES,
    ENDED,
    CampaignState,
    PledgeState,
    TargetKind,
)
from preau.initiatives.models import Campaign, MoneyReport, Pledge, Target
from preau.initiatives.queries.campaigns import progress_of
from preau.projects.models import Project

_C = CampaignState
#: The longest campaign, and the furthest first day.
LONGEST = timedelta(days=180)
MOST_TARGETS = 12
#: What its author writes, and may still change once it is open.
WRITTEN = ("title", "story", "organizer", "commune", "money_url")
DATES = ("starts_on", "ends_on")


def require(actor: Actor, subject: Campaign | Project | Target | Pledge) -> None:
    """
    Raises:
        Forbidden: they do not run the campaigns of this project.
    """
    if not actor.is_system and not allowed(actor, "campaign.run", subject):
        raise Forbidden("Ce projet n’est pas le vôtre, ou ne l’est plus.")


def locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("commune", "project").get(pk=campaign.pk)


def go(campaign: Campaign, state: CampaignState) -> None:
    """
    Raises:
        Refusal: its state does not lead there.
    """
    if state not in CAMPAIGN_MOVES[CampaignState(campaign.state)]:
        raise Refusal(
            f"Cette collecte est maintenant « {campaign.get_state_display()} » : rechargez la page"
            " pour voir ce qui peut encore être fait.",
            code="state",
        )
    campaign.state = state
    campaign.ended_at = clock.now() if state in ENDED else None


def today(campaign: Campaign) -> date:
    return clock.today(campaign.zone)


@transaction.atomic
def draft(project: Project, *, actor: Actor, **given: Any) -> Campaign:
    """Begin a campaign of a project at work.

    Raises:
        Refusal: the project is over, or what is given does not hold.
    """
    require(actor, project)
    if not project.is_live:
        raise Refusal("Ce projet n’est plus en cours : il ne peut pas ouvrir de collecte.")
    campaign = Campaign(project=project, created_by=actor.user)
    _write(campaign, given)
    audit.record(actor, "campaign.draft", campaign, project=project.pk)
    return campaign


def _write(campaign: Campaign, given: Mapping[str, Any]) -> None:
    prepared = campaign.state == _C.PREPARED
    for name in (*WRITTEN, *DATES) if prepared else WRITTEN:
        if name in given:
            setattr(campaign, name, given[name])
    first, last = campaign.starts_on, campaign.ends_on
    if prepared and first and last and last - first > LONGEST:
        raise Refusal("Une collecte dure six mois au plus.", field="ends_on")
    if campaign.money_url and not campaign.money_url.startswith("https://"):
        raise Refusal("L’adresse doit commencer par https://.", field="money_url")
    check(campaign)
    campaign.save()


@transaction.atomic
def edit(campaign: Campaign, given: Mapping[str, Any], *, actor: Actor) -> Campaign:
    """Change what it says; its days no longer change once it is open.

    Raises:
        Refusal: it is over.
    """
    require(actor, campaign)
    campaign = locked(campaign)
    if campaign.state not in {_C.PREPARED, _C.OPEN}:
        raise Refusal("Cette collecte est terminée : elle ne change plus.", code="state")
    _write(campaign, given)
    audit.record(actor, "campaign.edit", campaign)
    return campaign


@transaction.atomic
def set_target(
    campaign: Campaign,
    *,
    kind: TargetKind | str,
    label: str,
    quantity: int,
    unit: str = "",
    actor: Actor,
) -> Target:
    """Ask for something; the same thing again changes how much.

    Raises:
        Refusal: it is open already, or there are too many.
    """
    require(actor, campaign)
    campaign = locked(campaign)
    _prepared(campaign)
    if kind == TargetKind.MONEY:
        target = campaign.targets.filter(kind=kind).first()
    else:
        target = campaign.targets.filter(kind=kind, label__iexact=label.strip()).first()
    if target is None:
        if campaign.targets.count() >= MOST_TARGETS:
            raise Refusal(f"Une collecte a {MOST_TARGETS} objectifs au plus.")
        target = Target(campaign=campaign, kind=kind, position=campaign.targets.count() + 1)
    target.label, target.quantity, target.unit = label.strip(), quantity, unit.strip()
    check(target)
    target.save()
    audit.record(actor, "campaign.target", campaign, target=target.pk)
    return target


@transaction.atomic
def remove_target(target: Target, *, actor: Actor) -> None:
    require(actor, target)
    campaign = locked(target.campaign)
    _prepared(campaign)
    audit.record(actor, "campaign.target_remove", campaign, target=target.pk)
    target.delete()


def _prepared(campaign: Campaign) -> None:
    if campaign.state != _C.PREPARED:
        raise Refusal("La collecte est ouverte : ses objectifs ne changent plus.", code="state")


def missing_of(campaign: Campaign) -> list[str]:
    """What it lacks before it opens, in words."""
    missing = []
    if not campaign.story.strip():
        missing.append("la présentation")
    if not campaign.organizer.strip():
        missing.append("qui collecte")
    if campaign.starts_on is None or campaign.ends_on is None:
        missing.append("le premier et le dernier jour")
    elif campaign.ends_on < today(campaign):
        missing.append("un dernier jour à venir")
    kinds = set(campaign.targets.values_list("kind", flat=True))
    if not kinds:
        missing.append("au moins un objectif")
    if TargetKind.MONEY in kinds and not campaign.money_url:
        missing.append("l’adresse de la collecte en argent")
    return missing


@transaction.atomic
def launch(campaign: Campaign, *, actor: Actor) -> Campaign:
    """Open it now, or on its first day by the clock.

    Raises:
        Refusal: it lacks something, or its project is over.
    """
    require(actor, campaign)
    campaign = locked(campaign)
    if campaign.state != _C.PREPARED:
        go(campaign, _C.OPEN)
    if not campaign.project.is_live:
        raise Refusal("Ce projet n’est plus en cours : il ne peut pas ouvrir de collecte.")
    missing = missing_of(campaign)
    if missing:
        raise Refusal(f"Il manque encore : {', '.join(missing)}.", code="incomplete")
    assert campaign.starts_on is not None
    campaign.is_ready = True
    if campaign.starts_on <= today(campaign):
        campaign.starts_on = today(campaign)
        go(campaign, _C.OPEN)
        campaign.opened_at = clock.now()
    check(campaign)
    campaign.save()
    audit.record(actor, "campaign.launch", campaign, state=campaign.state)
    if campaign.state == _C.OPEN and actor.is_system:
        emails.tell_holder(campaign, "opened", f"La collecte « {campaign.title} » est ouverte")
    return campaign


@transaction.atomic
def report_money(
    campaign: Campaign, *, amount_cents: int, on: date, proof: str, actor: Actor
) -> MoneyReport:
    """Copy what the outside platform says was given so far.

    Raises:
        Refusal: no money is asked for, or the day is to come.
    """
    require(actor, campaign)
    campaign = locked(campaign)
    if campaign.opened_at is None or campaign.state == _C.CANCELLED:
        raise Refusal("Ouvrez d’abord la collecte.", code="state")
    if not campaign.targets.filter(kind=TargetKind.MONEY).exists():
        raise Refusal("Cette collecte ne demande pas d’argent.")
    if on > today(campaign):
        raise Refusal("Ce jour est à venir.", field="on")
    report = MoneyReport(
        campaign=campaign,
        amount_cents=amount_cents,
        on=on,
        proof=proof.strip(),
        reported_by=actor.user,
    )
    check(report)
    report.save()
    audit.record(actor, "campaign.report", campaign, amount=amount_cents)
    settle(campaign)
    return report


def settle(campaign: Campaign) -> bool:
    """Once everything is found, it has succeeded: those who pledged are told. Under its lock."""
    if campaign.state != _C.OPEN:
        return False
    lines = progress_of(campaign)
    if not lines or not all(line.is_reached for line in lines):
        return False
    go(campaign, _C.SUCCEEDED)
    campaign.save()
    audit.record(SYSTEM, "campaign.succeed", campaign)
    emails.tell_result(campaign)
    return True


@transaction.atomic
def follow_clock(campaign: Campaign, *, actor: Actor) -> bool:
    """Open what was ready, end what is past its last day; False when there was nothing to do."""
    require(actor, campaign)
    campaign = locked(campaign)
    this_day = today(campaign)
    first, last = campaign.starts_on, campaign.ends_on
    if campaign.state == _C.PREPARED and campaign.is_ready and first and first <= this_day:
        try:
            launch(campaign, actor=SYSTEM)
        except Refusal as refusal:
            _hold_back(campaign, refusal.sentence)
        return True
    if campaign.state == _C.OPEN and last is not None and last < this_day:
        go(campaign, _C.LAPSED)
        campaign.save()
        audit.record(SYSTEM, "campaign.lapse", campaign)
        emails.tell_result(campaign)
        return True
    return False


def _hold_back(campaign: Campaign, why: str) -> None:
    """It cannot open by itself any more: prepared again, and its holder told once."""
    campaign.is_ready = False
    campaign.save(update_fields=["is_ready"])
    audit.record(SYSTEM, "campaign.hold_back", campaign, why=why)
    title = f"La collecte « {campaign.title} » ne s’est pas ouverte"
    emails.tell_holder(campaign, f"held:{today(campaign)}", title, why)


@transaction.atomic
def cancel(campaign: Campaign, reason: str, *, actor: Actor) -> Campaign:
    """Stop it, saying why: those who pledged read the reason.

    Raises:
        Refusal: no reason, or it is over.
    """
    require(actor, campaign)
    reason = reason.strip()[:1000]
    if not reason:
        raise Refusal("Écrivez le motif : celles et ceux qui ont promis le liront.", field="reason")
    campaign = locked(campaign)
    go(campaign, _C.CANCELLED)
    campaign.end_reason = reason
    campaign.save()
    audit.record(actor, "campaign.cancel", campaign, reason=reason)
    emails.tell_result(campaign)
    return campaign


@transaction.atomic
def forget_addresses(campaign: Campaign) -> int:
    """A year after its end: what names those without an account is emptied."""
    campaign = locked(campaign)
    rows = Pledge.objects.filter(target__campaign=campaign).exclude(email="")
    rows.filter(state=PledgeState.UNCONFIRMED).delete()
    emptied = rows.update(email="", message="", name="", show_name=False)
    campaign.forgotten_at = clock.now()
    campaign.save(update_fields=["forgotten_at"])
    audit.record(SYSTEM, "campaign.forget", campaign, count=emptied)
    return emptied
