"""From the addresses of campaigns to what they are about, or 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from preau.initiatives.models import Campaign, Pledge, Target
from preau.projects.loading.sheet import load_filed
from preau.projects.models import Project


def load_campaign(*, campaign_key: UUID) -> Campaign:
    """In any state, for those who run it."""
    rows = Campaign.objects.select_related("commune", "project__lead_commune")
    return get_object_or_404(rows, key=campaign_key)


def load_public(*, campaign_key: UUID) -> Campaign:
    """Opened once; its project is not read: the page shows nothing of it."""
    found = Campaign.objects.select_related("commune").filter(key=campaign_key).first()
    if found is None or not found.is_public:
        raise Http404("Cette collecte n’est pas ouverte.")
    return found


def load_project(*, campaign_project_key: UUID) -> Project:
    return load_filed(campaign_project_key)


def load_target(*, target_id: int) -> Target:
    return get_object_or_404(Target.objects.select_related("campaign__commune"), pk=target_id)


def load_open_target(*, asked_target_id: int) -> Target:
    """Of a campaign whose page everybody reads."""
    target = load_target(target_id=asked_target_id)
    if not target.campaign.is_public:
        raise Http404("Cette collecte n’est pas ouverte.")
    return target


def load_pledge(*, pledge_key: UUID) -> Pledge:
    rows = Pledge.objects.select_related("target__campaign__commune", "user", "organization")
    return get_object_or_404(rows, key=pledge_key)
