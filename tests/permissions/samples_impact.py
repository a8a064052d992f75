"""What the end of a project has addresses for."""

from functools import cached_property

from preau.projects.models import FundingRequest


class ImpactWorld:
    """Added to `samples_projects.ProjectsWorld`."""

    @cached_property
    def funding_request(self):
        return FundingRequest.objects.create(project=self.project, label="DETR 2026")


def _programme(world):
    return {"slug": world.programme.slug}


IMPACT_SAMPLES = {"projects:feedback": _programme, "projects:feedback_give": _programme}
IMPACT_SAMPLES_BY_ARGUMENT = {"funding_id": lambda world: world.funding_request.pk}
