"""Which projects are about a place, and for which profile."""

from __future__ import annotations

from django.db.models import Q

from preau.directory.enums import Profile
from preau.projects.models import Project
from preau.resources.enums import Theme

#: Themes that make a project one about a place that people share, and the profile they point to;
#: the first that a project bears decides.
PROFILES: dict[str, str] = {
    Theme.TIERS_LIEUX: Profile.WORK,
    Theme.SERVICES_PUBLICS: Profile.MEDIATION,
    Theme.NUMERIQUE: Profile.MEDIATION,
    Theme.VIE_ASSOCIATIVE: Profile.CREATION,
    Theme.CULTURE: Profile.CREATION,
}


def about_places() -> Q:
    return Q(themes__overlap=list(PROFILES))


def profile_of(project: Project) -> str:
    """The profile of the place it is about, or ""."""
    return next((profile for theme, profile in PROFILES.items() if theme in project.themes), "")
