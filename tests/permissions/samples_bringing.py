"""A file of projects and a perimeter of the world."""

from functools import cached_property

from preau.portfolio.bringing.models import PerimeterFile, ProjectBatch
from preau.projects.enums import ProjectState
from tests.accounts.factories import UserFactory


class BringingWorld:
    """Added to `samples_projects.ProjectsWorld`."""

    @cached_property
    def project_batch(self):
        """Of the town, which is no service of the State: its people read that, and no more."""
        return ProjectBatch.objects.create(
            made_by=UserFactory(),
            organization=self.town,
            file_name="projets.csv",
            system="service:1",
            headings=["nom", "commune"],
            mapping=["name", "communes"],
            default_state=ProjectState.ACKNOWLEDGED,
        )

    @cached_property
    def perimeter_file(self):
        return PerimeterFile.objects.create(
            made_by=UserFactory(), file_name="crte.csv", on="2027-01-01", lines=[]
        )


BRINGING_SAMPLES = {
    f"portfolio:bringing_{page}": lambda world: {"batch_id": world.project_batch.pk}
    for page in ("look", "match", "begin", "stop", "undo", "rejected")
} | {
    f"portfolio:perimeters_{page}": lambda world: {"file_id": world.perimeter_file.pk}
    for page in ("look", "apply")
}
