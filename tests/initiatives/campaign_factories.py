"""Campaigns of a project at work, open unless told otherwise."""

from datetime import timedelta

from preau.core import clock
from preau.initiatives.enums.campaigns import CampaignState, TargetKind
from preau.initiatives.models import Campaign, Target
from preau.projects.enums import ProjectState
from tests.accounts.factories import MembershipFactory
from tests.projects.factories import ProjectFactory, actor_for


def project(**given):
    return ProjectFactory(**{"state": ProjectState.ACCOMPANIED, **given})


def holder_of(one):
    """Somebody of the organisation that carries the project."""
    return actor_for(MembershipFactory(organization=one.holder_organization))


def campaign(*, targets=(("materiel", "Palettes", 30),), **given):
    of = given.pop("project", None) or project()
    today = clock.today()
    facts = {
        "project": of,
        "title": "Deux composteurs pour les Prés",
        "story": "Nous voulons composter ensemble.",
        "organizer": "Les composteurs des Prés",
        "commune": of.lead_commune,
        "starts_on": today,
        "ends_on": today + timedelta(days=40),
        "state": CampaignState.OPEN,
        "opened_at": clock.now(),
        "money_url": "https://www.dons.example/pres",
    }
    made = Campaign.objects.create(**facts | given)
    for position, (kind, label, quantity) in enumerate(targets):
        unit = "pièces" if kind == TargetKind.MATERIAL else ""
        Target.objects.create(
            campaign=made, kind=kind, label=label, quantity=quantity, unit=unit, position=position
        )
    return made
