"""The tables of the initiatives room, by subject."""

from preau.initiatives.models.calls import (
    CallForInitiatives,
    CallQuestion,
    Criterion,
    Review,
    Reviewer,
    Score,
    Submission,
    SubmissionAnswer,
)
from preau.initiatives.models.campaigns import Campaign, MoneyReport, Pledge, Target
from preau.initiatives.models.kits import (
    Kit,
    KitStep,
    KitUse,
    KitUseStep,
    KitVersion,
    Partnership,
    Support,
)
from preau.initiatives.models.listings import Answer, Flow, Listing, Signal, Suggestion
from preau.initiatives.models.stories import Story, StoryPhoto
from preau.initiatives.models.workshops import (
    AgendaItem,
    Conclusion,
    WatchNote,
    Workshop,
    WorkshopGuest,
)

__all__ = [
    "AgendaItem",
    "Answer",
    "CallForInitiatives",
    "CallQuestion",
    "Campaign",
    "Conclusion",
    "Criterion",
    "Flow",
    "Kit",
    "KitStep",
    "KitUse",
    "KitUseStep",
    "KitVersion",
    "Listing",
    "MoneyReport",
    "Partnership",
    "Pledge",
    "Review",
    "Reviewer",
    "Score",
    "Signal",
    "Story",
    "StoryPhoto",
    "Submission",
    "SubmissionAnswer",
    "Suggestion",
    "Support",
    "Target",
    "WatchNote",
    "Workshop",
    "WorkshopGuest",
]
