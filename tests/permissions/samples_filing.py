"""What filing a project, and editing what programmes ask, have addresses for."""

from functools import cached_property

from preau.core import clock
from preau.projects import draft_links
from preau.projects.actions.territory import set_programmes, set_territory
from preau.projects.enums import ProjectState, QuestionKind
from preau.projects.models import Filing, Question, QuestionnaireVersion
from tests.projects.factories import ProjectFactory
from tests.projects.filing import asked_by


class FilingWorld:
    """Added to `samples_projects.ProjectsWorld`."""

    @cached_property
    def filing_draft(self):
        """The resident's own, in a programme that asks something."""
        resident, _ = self.people["resident"]
        made = ProjectFactory(
            state=ProjectState.DRAFT,
            holder_organization=None,
            holder_user=resident,
            created_at=clock.now(),
        )
        Filing.objects.create(project=made, resume_email=resident.email)
        set_territory(made, [made.lead_commune])
        _ = self.version_in_force
        set_programmes(made, [self.programme])
        return made

    @cached_property
    def draft_of_a_browser(self):
        return ProjectFactory(
            state=ProjectState.DRAFT, holder_organization=None, visitor_key="a-key-of-a-browser"
        )

    @cached_property
    def version_in_force(self):
        return asked_by(self.programme, ("chef", QuestionKind.YES_NO), ("axe", QuestionKind.CHOICE))

    @cached_property
    def version_draft(self):
        return QuestionnaireVersion.objects.create(
            questionnaire=self.version_in_force.questionnaire, number=2
        )

    @cached_property
    def question(self):
        return Question.objects.create(
            version=self.version_draft, code="x", label="Combien ?", kind="nombre", position=1
        )


def _draft(world):
    return {"key": world.filing_draft.key}


def _version(world):
    return {"version_id": world.version_draft.pk}


_OF_A_VERSION = ("version", "version_preview", "version_publish", "version_discard", "question_add")
_STEPS = ("who", "what", "where", "programmes", "money", "contact", "recap", "later")
FILING_SAMPLES = {
    **{f"projects:file_{step}": _draft for step in _STEPS},
    "projects:draft_resume": _draft,
    "projects:draft_delete": _draft,
    "projects:file_questions": lambda world: {
        "key": world.filing_draft.key,
        "programme_slug": world.programme.slug,
    },
    **{f"projects:{name}": _version for name in _OF_A_VERSION},
    "projects:draft_by_link": lambda world: {
        "token": draft_links.page_for(world.draft_of_a_browser).rstrip("/").rsplit("/", 1)[1]
    },
}
FILING_SAMPLES_BY_ARGUMENT = {
    "questionnaire_id": lambda world: world.version_in_force.questionnaire_id,
    "question_id": lambda world: world.question.pk,
}
