"""Merging an organisation into another: everything it had becomes the other's, once and for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Field, Model, QuerySet
from django.urls import reverse

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.models import Invitation, JoinRequest, Membership, Organization, User
from preau.accounts.perms import allowed, merged_sentence
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.core.registries import organization_merges, organization_past
from preau.notifications import topics
from preau.notifications.actions import notify
from preau.notifications.topics import Topic

MERGED = topics.register(
    Topic(
        "accounts.merged",
        "Structures réunies",
        "Une de vos structures a été réunie à une autre.",
        mandatory=True,
    ),
    order=85,
)
#: Shorter than PostgreSQL's own second before it looks for deadlocks: in a tangle, the merge gives
#: way, never somebody who is writing.
PATIENCE = "700ms"
TRIES = 5
#: Whoever began to write before a merge has ended within that.
LONGEST_WRITING = timedelta(days=1)
_STRENGTH = (
    MembershipRole.MEMBER,
    MembershipRole.CARETAKER,
    MembershipRole.APPROVER,
    MembershipRole.MANAGER,
    MembershipRole.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class Moving:
    """Rows of one kind that point to the organisation."""

    label: str
    name: str
    count: int


def links_to_organizations() -> Iterator[tuple[type[Model], str]]:
    """(model, field) of every foreign key to an organisation, those of hidden sides included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.label in organization_past:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, Field) and field.related_model is Organization:
                yield model, field.name


def what_moves(source: Organization) -> list[Moving]:
    """What would become another's, by kind, for the page that asks to confirm."""
    found = []
    for model, field in links_to_organizations():
        number = model._base_manager.filter(**{field: source}).count()
        if number:
            words = str(model._meta.verbose_name_plural)
            found.append(Moving(f"{model._meta.label}.{field}", words, number))
    return found


def merge_organizations(
    *, actor: Actor, source: Organization, target: Organization, reason: str
) -> list[Moving]:
    """Make everything of `source` `target`'s. There is no way back.

    Rooms first settle what would clash (`organization_merges`). Whoever writes meanwhile under the
    old name writes under the new one (`accounts.following`, `sweep`).

    Raises:
        Refusal: it makes no sense, or too many people are writing now. Nothing has moved.
    """
    if not allowed(actor, "organization.merge", source):
        raise Forbidden
    if not reason.strip():
        raise Refusal("Dites pourquoi ces deux structures n’en font qu’une.", field="reason")
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                moved = _merge(actor, source.pk, target.pk, reason.strip())
            sweep()
            return moved
        except OperationalError as error:  # somebody is writing: let them, then try again
            if getattr(error.__cause__, "sqlstate", "") not in {"55P03", "40P01"}:
                raise
        except IntegrityError as error:
            raise Refusal(
                "Une donnée des deux structures ne peut pas être réunie. Rien n’a changé."
                f" À dire à l’équipe technique : {_constraint(error)}.",
                code="clash",
            ) from error
    raise Refusal(
        "Des personnes écrivent en ce moment pour cette structure. Rien n’a changé : réessayez dans"
        " une minute.",
        code="busy",
    )


def _constraint(error: IntegrityError) -> str:
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or "contrainte inconnue"


def _merge(actor: Actor, source_id: int, target_id: int, reason: str) -> list[Moving]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
    # Rows that point to them may be written meanwhile: `sweep` brings them over.
    locked = Organization.objects.select_for_update(no_key=True)
    found = locked.filter(pk__in=(source_id, target_id)).order_by("pk")
    both = {one.pk: one for one in found}
    _refuse(both.get(source_id), both.get(target_id))
    source, target = both[source_id], both[target_id]
    members = list(User.objects.filter(memberships__in=_live(source)).order_by("pk"))
    moved = _bring_over(source, target)
    source.merged_into, source.merged_at = target, clock.now()
    source.verified_at, source.verified_by_method = None, ""
    source.verification_asked_at = None
    source.save(
        update_fields=[
            "merged_into",
            "merged_at",
            "verified_at",
            "verified_by_method",
            "verification_asked_at",
        ]
    )
    counts = {one.label: one.count for one in moved}
    audit.record(actor, "organization.merge", source, reason=reason, into=target.pk, moved=counts)
    audit.record(actor, "organization.absorb", target, reason=reason, absorbed=source.pk)
    _tell(members, source, target)
    return moved


def _bring_over(source: Organization, target: Organization) -> list[Moving]:
    """Settle what would clash, then move every row."""
    with connection.cursor() as cursor:
        # What the guards of rows written once let through.
        key = [f"{source.pk}>{target.pk}"]
        cursor.execute("SELECT set_config('preau.merging', %s, true)", key)
        _join_members(source, target)
        _drop_invitations_twice(source, target)
        _drop_requests_twice(source, target)
        for settle in organization_merges:
            settle(source, target)
        moved = _move(source, target)
        cursor.execute("SELECT set_config('preau.merging', '', true)")
    return moved


def sweep() -> int:
    """Bring over what was being written while organisations were merged; how many rows."""
    late = clock.now() - LONGEST_WRITING
    recent = Organization.objects.filter(merged_at__gte=late).order_by("pk")
    return sum(_sweep_one(pk) for pk in list(recent.values_list("pk", flat=True)))


@transaction.atomic
def _sweep_one(pk: int) -> int:
    gone = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    assert gone.merged_into is not None
    moved = {one.label: one.count for one in _bring_over(gone, gone.merged_into)}
    if moved:
        audit.record(SYSTEM, "organization.sweep", gone, into=gone.merged_into_id, moved=moved)
    return sum(moved.values())


def _refuse(source: Organization | None, target: Organization | None) -> None:
    if source is None or target is None:
        raise Refusal("Choisissez deux structures.", field="target", code="unknown")
    if source.pk == target.pk:
        raise Refusal("Choisissez une autre structure.", field="target", code="itself")
    for one in (source, target):
        if one.merged_into_id is not None:
            raise Refusal(
                f"« {one} » a déjà été réunie à une autre structure.",
                field="target",
                code="already_merged",
            )
    if source.is_verified and not target.is_verified:
        raise Refusal(
            f"« {source} » est vérifiée et « {target} » ne l’est pas : réunissez-les dans l’autre"
            " sens, ou vérifiez d’abord la seconde.",
            field="target",
            code="unverified",
        )


def _live(organization: Organization) -> list[Membership]:
    rows = Membership.objects.select_for_update().filter(organization=organization, ended_at=None)
    return list(rows.order_by("pk"))


def _join_members(source: Organization, target: Organization) -> None:
    """Whoever was in both stays once, with the stronger role, and keeps their hat."""
    there = {one.user_id: one for one in _live(target)}
    for mine in _live(source):
        twin = there.get(mine.user_id)
        if twin is None:
            continue
        roles = (MembershipRole(mine.role), MembershipRole(twin.role))
        strongest = max(roles, key=_STRENGTH.index)
        if twin.role != strongest:
            twin.role = strongest
            twin.save(update_fields=["role"])
        mine.ended_at = clock.now()
        mine.save(update_fields=["ended_at"])
        User.objects.filter(last_membership=mine).update(last_membership=twin)


def _drop_invitations_twice(source: Organization, target: Organization) -> None:
    pending = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    invited = {
        email.lower()
        for email in pending.filter(organization=target).values_list("email", flat=True)
    }
    for one in pending.filter(organization=source):
        if one.email.lower() in invited:
            one.revoked_at = clock.now()
            one.save(update_fields=["revoked_at"])


def _drop_requests_twice(source: Organization, target: Organization) -> None:
    """Whoever asked both to join asks the one that stays."""
    pending = JoinRequest.objects.filter(answered_at=None)
    asked = pending.filter(organization=target).values("user")
    pending.filter(organization=source, user__in=asked).delete()


def _move(source: Organization, target: Organization) -> list[Moving]:
    moved = []
    for model, field in links_to_organizations():
        number = model._base_manager.filter(**{field: source}).update(**{field: target})
        if number:
            words = str(model._meta.verbose_name_plural)
            moved.append(Moving(f"{model._meta.label}.{field}", words, number))
    return moved


def _tell(members: list[User], source: Organization, target: Organization) -> None:
    notify(
        members,
        topic=MERGED.key,
        title=f"« {source} » a été réunie à « {target} »",
        body=merged_sentence(source, target),
        url=reverse("accounts:organization", args=[target.pk]),
        cause=f"merge:{source.pk}",
    )


def rename_twins(
    rows: QuerySet[Any],
    source: Organization,
    target: Organization,
    *,
    longest: int,
    owner: str = "organization",
) -> None:
    """Before a merge: what both have under one name keeps it, and says whose it was.

    Args:
        rows: those whose `name` is unique within their `owner`.
    """
    taken = set(rows.filter(**{owner: target}).values_list("name", flat=True))
    for one in rows.filter(**{owner: source}, name__in=taken).order_by("pk"):
        end = f" ({source.name[: longest // 2]})"
        name, rank = one.name[: longest - len(end)] + end, 1
        while name in taken:
            rank += 1
            end = f" ({source.name[: longest // 2]}, {rank})"
            name = one.name[: longest - len(end)] + end
        taken.add(name)
        rows.filter(pk=one.pk).update(name=name)
