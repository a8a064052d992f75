"""The tables of the projects room."""

from preau.projects.models.events import ProjectEvent
from preau.projects.models.filing import Filing
from preau.projects.models.followup import FollowUp, FollowUpIssue
from preau.projects.models.help import (
    Blockage,
    FundingRequest,
    Recommendation,
    RecommendationAnswer,
    SuggestionDecision,
)
from preau.projects.models.impact import ImpactAsk, ImpactReview, ProgrammeFeedback
from preau.projects.models.people import Assignment, ProjectInvitation, ProjectMember, ShareLink
from preau.projects.models.programmes import (
    Programme,
    ProgrammePerimeter,
    ProjectProgramme,
    Question,
    Questionnaire,
    QuestionnaireVersion,
)
from preau.projects.models.project import ExternalRef, Project, ProjectCommune
from preau.projects.models.sheet import (
    Answer,
    AnswerVersion,
    Assessment,
    ProjectFile,
    ProjectThread,
    Step,
)
from preau.projects.models.state_services import (
    Absence,
    ServiceMember,
    StatePair,
    StateService,
    ThemeRule,
)
from preau.projects.models.text import ProjectText

__all__ = [
    "Absence",
    "Answer",
    "AnswerVersion",
    "Assessment",
    "Assignment",
    "Blockage",
    "ExternalRef",
    "Filing",
    "FollowUp",
    "FollowUpIssue",
    "FundingRequest",
    "ImpactAsk",
    "ImpactReview",
    "Programme",
    "ProgrammeFeedback",
    "ProgrammePerimeter",
    "Project",
    "ProjectCommune",
    "ProjectEvent",
    "ProjectFile",
    "ProjectInvitation",
    "ProjectMember",
    "ProjectProgramme",
    "ProjectText",
    "ProjectThread",
    "Question",
    "Questionnaire",
    "QuestionnaireVersion",
    "Recommendation",
    "RecommendationAnswer",
    "ServiceMember",
    "ShareLink",
    "StatePair",
    "StateService",
    "Step",
    "SuggestionDecision",
    "ThemeRule",
]
