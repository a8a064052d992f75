"""Kits, their uses and supports, by what addresses say."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from preau.initiatives.enums.kits import KitState
from preau.initiatives.models import Kit, KitStep, KitUse, KitVersion, Partnership, Support
from preau.projects.loading import load_project
from preau.projects.models import Project


def load_published(kit_slug: str) -> KitVersion:
    """The version that everybody reads."""
    found = KitVersion.objects.select_related("kit__organization")
    version = found.filter(kit__slug=kit_slug, state=KitState.PUBLISHED).first()
    if version is None:
        raise Http404("Ce kit n’existe pas, ou n’est plus proposé.")
    return version


def load_kit(kept_kit_id: int) -> Kit:
    kit = Kit.objects.select_related("organization").filter(pk=kept_kit_id).first()
    if kit is None:
        raise Http404("Ce kit n’existe pas.")
    return kit


def load_version(kit_version_id: int) -> KitVersion:
    found = KitVersion.objects.select_related("kit__organization")
    version = found.filter(pk=kit_version_id).first()
    if version is None:
        raise Http404("Cette version n’existe pas.")
    return version


def load_step(kit_step_id: int) -> KitStep:
    found = KitStep.objects.select_related("version__kit").filter(pk=kit_step_id).first()
    if found is None:
        raise Http404("Cette étape n’existe pas, ou a été retirée.")
    return found


def load_use(kit_use_key: UUID) -> KitUse:
    found = KitUse.objects.select_related(
        "version__kit", "project__lead_commune", "project__holder_organization"
    )
    use = found.filter(key=kit_use_key, removed_at=None).first()
    if use is None:
        raise Http404("Ce kit n’est plus utilisé par ce projet.")
    return use


def load_open_page(support_page_key: UUID) -> KitUse:
    use = load_use(support_page_key)
    if not use.support_open:
        raise Http404("Ce projet ne recueille pas, ou plus, de soutiens.")
    return use


def load_support(support_id: int) -> Support:
    found = Support.objects.select_related("use__project", "commune")
    support = found.filter(pk=support_id).first()
    if support is None:
        raise Http404("Ce soutien a été retiré.")
    return support


def load_currency(currency_id: int) -> Partnership:
    found = Partnership.objects.select_related("project").filter(pk=currency_id).first()
    if found is None:
        raise Http404("Cette fiche n’existe pas.")
    return found


def load_currency_project(currency_key: UUID) -> Project:
    return load_project(currency_key)
