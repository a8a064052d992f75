"""Kits: writing a version, publishing it, taking another up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.enums.kits import KitState
from preau.initiatives.models import Kit, KitStep, KitVersion
from preau.initiatives.perms.calls import require
from preau.initiatives.perms.kits import may_write_kits

MOST_STEPS = 20
FACTS = ("title", "text", "helpers", "link_label", "link_url", "gathers_support")


@transaction.atomic
def draft_kit(
    *, title: str, purpose: str, themes: Sequence[str], actor: Actor, slug: str = ""
) -> KitVersion:
    """A new kit, whose first version is a draft.

    Raises:
        Forbidden: neither the operator nor a manager of a public organisation.
        Refusal: a kit has this name already ("twice").
    """
    if not actor.is_system and not may_write_kits(actor):
        raise Forbidden
    organization = None if actor.is_operator else actor.organization
    slug = slug or slugify(title)[:60]
    try:
        with transaction.atomic():
            kit = Kit.objects.create(slug=slug, organization=organization)
    except IntegrityError as error:
        raise Refusal("Un kit porte déjà ce titre.", field="title", code="twice") from error
    version = KitVersion.objects.create(
        kit=kit,
        number=1,
        title=title.strip(),
        purpose=purpose.strip(),
        themes=list(themes),
        created_by=actor.user,
    )
    audit.record(actor, "initiatives.draft_kit", version)
    return version


def _draft(version: KitVersion, actor: Actor) -> KitVersion:
    require(actor, "kit.manage", version)
    found = KitVersion.objects.select_for_update(of=("self",)).select_related("kit")
    version = found.get(pk=version.pk)
    if version.state != KitState.DRAFT:
        raise Refusal(
            "Cette version est publiée : des projets la suivent. Écrivez une nouvelle version.",
            code="published",
        )
    return version


@transaction.atomic
def edit_version(
    version: KitVersion, *, title: str, purpose: str, themes: Sequence[str], actor: Actor
) -> KitVersion:
    version = _draft(version, actor)
    version.title, version.purpose = title.strip(), purpose.strip()
    version.themes = list(themes)
    version.save(update_fields=["title", "purpose", "themes"])
    audit.record(actor, "initiatives.edit_kit", version)
    return version


@transaction.atomic
def add_step(version: KitVersion, facts: Mapping[str, Any], *, actor: Actor) -> KitStep:
    version = _draft(version, actor)
    there = version.steps.count()
    if there >= MOST_STEPS:
        raise Refusal(f"Un kit a au plus {MOST_STEPS} étapes.", code="too_many")
    known = {name: facts[name] for name in FACTS if name in facts}
    made = KitStep.objects.create(version=version, position=there, **known)
    audit.record(actor, "initiatives.add_kit_step", version, step=made.pk)
    return made


@transaction.atomic
def edit_step(step: KitStep, facts: Mapping[str, Any], *, actor: Actor) -> KitStep:
    version = _draft(step.version, actor)
    for name in FACTS:
        if name in facts:
            setattr(step, name, facts[name])
    step.save()
    audit.record(actor, "initiatives.edit_kit_step", version, step=step.pk)
    return step


@transaction.atomic
def remove_step(step: KitStep, *, actor: Actor) -> None:
    version = _draft(step.version, actor)
    audit.record(actor, "initiatives.remove_kit_step", version, step=step.pk)
    step.delete()


@transaction.atomic
def publish_version(version: KitVersion, *, actor: Actor) -> KitVersion:
    """Everybody reads it; the former one stays with the projects that follow it.

    Raises:
        Refusal: fewer than two steps ("steps").
    """
    version = _draft(version, actor)
    if version.steps.count() < 2:
        raise Refusal("Écrivez au moins deux étapes avant de publier.", code="steps")
    Kit.objects.select_for_update().get(pk=version.kit_id)
    version.kit.versions.filter(state=KitState.PUBLISHED).update(state=KitState.REPLACED)
    version.state, version.published_at = KitState.PUBLISHED, clock.now()
    version.save(update_fields=["state", "published_at"])
    audit.record(actor, "initiatives.publish_kit", version)
    return version


@transaction.atomic
def new_version(kit: Kit, *, actor: Actor) -> KitVersion:
    """A draft that says what the last version does; the one under way if there is one."""
    require(actor, "kit.manage", kit)
    kit = Kit.objects.select_for_update().get(pk=kit.pk)
    last = kit.versions.order_by("-number").first()
    if last is None:
        raise Refusal("Ce kit n’a pas de version.", code="none")
    if last.state == KitState.DRAFT:
        return last
    made = KitVersion.objects.create(
        kit=kit,
        number=last.number + 1,
        title=last.title,
        purpose=last.purpose,
        themes=last.themes,
        created_by=actor.user,
    )
    KitStep.objects.bulk_create(
        KitStep(version=made, position=one.position, **{name: getattr(one, name) for name in FACTS})
        for one in last.steps.all()
    )
    audit.record(actor, "initiatives.new_kit_version", made)
    return made


@transaction.atomic
def withdraw_kit(kit: Kit, *, actor: Actor) -> None:
    """Offer it no more; projects that follow it keep it."""
    require(actor, "kit.manage", kit)
    gone = kit.versions.filter(state=KitState.PUBLISHED).update(state=KitState.WITHDRAWN)
    if not gone:
        raise Refusal("Ce kit n’est pas publié.", code="state")
    audit.record(actor, "initiatives.withdraw_kit", kit)
