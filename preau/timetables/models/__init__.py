"""The tables of the timetables, by subject."""

from preau.timetables.models.grids import Forbidding, Run, Session
from preau.timetables.models.needs import Candidate, Mediator, ServiceNeed
from preau.timetables.models.published import Hosting, HostingAgreement, Residency, ResidencyDate
from preau.timetables.models.timetables import Timetable

__all__ = [
    "Candidate",
    "Forbidding",
    "Hosting",
    "HostingAgreement",
    "Mediator",
    "Residency",
    "ResidencyDate",
    "Run",
    "ServiceNeed",
    "Session",
    "Timetable",
]
