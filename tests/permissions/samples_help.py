"""What blockages and recommendations have addresses for."""

from functools import cached_property

from preau.accounts.actors import Actor
from preau.core import clock
from preau.notifications import links
from preau.projects import answer_links
from preau.projects.enums import RecommendationState
from preau.projects.models import Recommendation
from preau.resources.enums import HelpKind


class HelpWorld:
    """Added to `samples_projects.ProjectsWorld`."""

    @cached_property
    def recommendation(self):
        """Sent: a draft is 404 for whoever may not know of it, which says nothing of the matrix."""
        return Recommendation.objects.create(
            project=self.project,
            blockage=self.blockage,
            kind=HelpKind.FUNDING,
            title="Demander la DETR",
            rationale="Elle finance les halles.",
            state=RecommendationState.SENT,
            sent_at=clock.now(),
        )

    @cached_property
    def draft_recommendation(self):
        return Recommendation.objects.create(
            project=self.project, kind=HelpKind.FUNDING, title="Une piste secrète"
        )

    @cached_property
    def token_of_answer(self):
        """Of somebody who has left the project."""
        user, _ = self.people["holder"]
        facts = {"recommendation": self.recommendation.pk, "user": Actor(user).user_id}
        return links.sign(answer_links.PURPOSE, facts, days=1)


def _draft(world):
    return {"key": world.project.key, "recommendation_id": world.draft_recommendation.pk}


HELP_SAMPLES = {
    "projects:answer_by_link": lambda world: {"token": world.token_of_answer},
    "projects:recommendation_edit": _draft,
    "projects:recommendation_remove": _draft,
}
HELP_SAMPLES_BY_ARGUMENT = {"recommendation_id": lambda world: world.recommendation.pk}
