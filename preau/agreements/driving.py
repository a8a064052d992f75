"""Rounds signed at an outside service: sent there, followed, brought back into our store."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.accounts.models import Organization
from preau.agreements import emails, providers, traces
from preau.agreements.actions import outcome
from preau.agreements.actions.rounds import invite_next, locked
from preau.agreements.models.rounds import SignatureRound
from preau.agreements.providers import Progress, Provider, RemoteState
from preau.agreements.providers.chosen import provider_of
from preau.agreements.signing_enums import ProviderName, RoundState, SignatoryState
from preau.core import clock
from preau.documents import store

PDF = "application/pdf"


def follow(round_id: int) -> None:
    """Send the round to its service if it is not there, then write down what the service says.

    Raises:
        ProviderDown, ProviderRefused: tried again later, and shown to the manager meanwhile.
    """
    round_ = SignatureRound.objects.select_related("agreement__place", "frozen").get(pk=round_id)
    if round_.provider == ProviderName.INTERNAL or round_.state != RoundState.OPEN:
        return
    try:
        provider = _provider(round_)
        if not round_.remote_id:
            _send(round_, provider)
        _write_down(round_, provider, provider.state(round_.remote_id))
    except (providers.ProviderDown, providers.ProviderRefused):
        SignatureRound.objects.filter(pk=round_id, held_up_since=None, closed_at=None).update(
            held_up_since=clock.now()
        )
        raise


def withdraw(round_id: int) -> None:
    """Cancel at the service what is over here."""
    round_ = SignatureRound.objects.select_related("agreement__place").get(pk=round_id)
    if round_.remote_id and not round_.is_live:
        _provider(round_).cancel(round_.remote_id, round_.get_state_display())


def notified(organization: Organization, body: bytes, headers: dict[str, str]) -> None:
    """Ask the worker to look, once the notification is proved to be the service's.

    Raises:
        NotTheirs: it is not.
    """
    provider = provider_of(organization.pk)
    if provider is None:
        raise providers.NotTheirs
    try:
        remote_id = provider.receive_notification(body, headers)
    except ValueError:  # about something that is not ours to follow
        return
    round_ = SignatureRound.objects.filter(
        remote_id=remote_id, agreement__owner=organization, closed_at=None
    ).first()
    if round_ is not None:
        outcome.defer_advance(round_.pk)


def _provider(round_: SignatureRound) -> Provider:
    found = provider_of(round_.agreement.owner_id)
    if found is None:
        raise providers.ProviderRefused("the organisation has no key any more")
    return found


def _send(round_: SignatureRound, provider: Provider) -> None:
    assert round_.frozen is not None
    people = tuple(
        providers.Someone(one.name, one.email, one.field) for one in round_.signatories.all()
    )
    remote_id = provider.create(
        providers.Wanted(
            key=f"preau-{round_.pk}",
            title=f"Convention {round_.agreement.number}",
            pdf=store.read(round_.frozen),
            expires=round_.deadline.date(),
            people=people,
        )
    )
    with transaction.atomic():
        now = locked(round_.pk)
        if now.remote_id:
            return
        now.remote_id, now.held_up_since = remote_id, None
        now.save(update_fields=["remote_id", "held_up_since"])
        traces.write(now, "sent_to_provider", provider=now.provider, remote=remote_id)
        if now.is_live:  # else it was ended meanwhile: the task that withdraws it comes next
            invite_next(now)
    round_.remote_id = remote_id


def _write_down(round_: SignatureRound, provider: Provider, said: RemoteState) -> None:
    if said.progress is Progress.DONE:
        _bring_back(round_, provider)
    elif said.progress is Progress.UNDER_WAY:
        with transaction.atomic():
            _count(locked(round_.pk), said.signed)
    else:
        _ended(round_.pk, said)


def _count(round_: SignatureRound, signed: int) -> None:
    """The first `signed` signatories have signed there; the next has been written to."""
    if round_.state != RoundState.OPEN:
        return
    for one in round_.signatories.order_by("position")[:signed]:
        if one.state == SignatoryState.SIGNED:
            continue
        one.state, one.signed_at, one.revision = SignatoryState.SIGNED, clock.now(), round_.revision
        one.save(update_fields=["state", "signed_at", "revision"])
        traces.write(round_, "signed_at_provider", signatory=one)
        invite_next(round_)
    if round_.held_up_since:
        round_.held_up_since = None
        round_.save(update_fields=["held_up_since"])


def _bring_back(read: SignatureRound, provider: Provider) -> None:
    """The signed file and the service's proof enter our store and our journal."""
    pdf, proof = provider.download(read.remote_id)
    signed, kept = (store.put(one, PDF, actor=SYSTEM) for one in (pdf, proof))
    with transaction.atomic():
        round_ = locked(read.pk)
        if round_.state != RoundState.OPEN:
            return
        round_.revision, round_.foreign_proof = signed, kept
        _count(round_, round_.signatories.count())
        round_.state, round_.held_up_since = RoundState.PROVING, None
        round_.save()
        traces.write(round_, "returned_by_provider", sha256=signed.sha256, proof_sha256=kept.sha256)


def _ended(round_id: int, said: RemoteState) -> None:
    """Declined, expired or cancelled there: over here too."""
    with transaction.atomic():
        round_ = locked(round_id)
        if round_.state != RoundState.OPEN:
            return
        _count(round_, said.signed)
        one = next((one for one in round_.signatories.all() if one.is_their_turn), None)
        if said.progress is Progress.DECLINED and one is not None:
            one.state, one.refused_at = SignatoryState.REFUSED, clock.now()
            one.reason = said.reason or "Motif non transmis par le service de signature."
            one.save(update_fields=["state", "refused_at", "reason"])
            one.round = round_
            outcome.close(round_, RoundState.REFUSED)
            traces.write(round_, "refused", signatory=one)
            outcome.agreement_refused(round_, one, actor=SYSTEM)
            emails.refused_to_managers(round_, one)
        else:
            outcome.close(round_, RoundState.EXPIRED)
            traces.write(round_, "expired")
            outcome.agreement_expired(round_, actor=SYSTEM)
