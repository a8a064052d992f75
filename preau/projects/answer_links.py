"""Links in e-mails by which the holder's side answers a recommendation, signed out."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.models import Membership, User
from preau.accounts.perms import allowed
from preau.notifications import links
from preau.notifications.links import Expired
from preau.projects.enums import RecommendationState
from preau.projects.models import Project, ProjectMember, Recommendation

PURPOSE = "project.answer"
DAYS = 60

__all__ = ["DAYS", "PURPOSE", "Expired", "Opened", "as_holder", "page_for", "read"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A recommendation, the person the letter was written to, and whether they may still answer."""

    recommendation: Recommendation
    user: User
    actor: Actor

    @property
    def may_answer(self) -> bool:
        return allowed(self.actor, "project.answer", self.recommendation)


def page_for(recommendation: Recommendation, user: User) -> str:
    """The address for that person."""
    facts = {"recommendation": recommendation.pk, "user": user.pk}
    return reverse("projects:answer_by_link", args=[links.sign(PURPOSE, facts, days=DAYS)])


def read(token: str) -> Opened | None:
    """What a link leads to and for whom; None when it is not ours or leads nowhere any longer.

    Raises:
        Expired: it was a good link; its time is over.
    """
    facts = links.read(PURPOSE, token)
    if facts is None:
        return None
    rows = Recommendation.objects.select_related("project__lead_commune", "blockage", "author")
    found = rows.filter(pk=facts["recommendation"]).exclude(state=RecommendationState.DRAFT).first()
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    if found is None or user is None:
        return None
    return Opened(found, user, as_holder(user, found.project))


def as_holder(user: User, project: Project) -> Actor:
    """The person under the hat by which they are of the project, if they still wear one."""
    hats = Membership.objects.filter(user=user, ended_at=None).select_related("organization")
    ours = hats.filter(organization=project.holder_organization_id).first()
    if ours is None:
        invited = ProjectMember.objects.filter(project=project, ended_at=None)
        ours = hats.filter(organization__in=invited.values("organization")).first()
    return Actor(user, ours)
