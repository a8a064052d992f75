"""The tables of siting, by subject."""

from preau.siting.models.runs import ScenarioRun
from preau.siting.models.scenarios import Scenario
from preau.siting.models.studies import SitingStudy, TravelTimes
from preau.siting.models.watch import WatchItem

__all__ = ["Scenario", "ScenarioRun", "SitingStudy", "TravelTimes", "WatchItem"]
