"""What studies and the watch keep about a person, for their export."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.siting.models import ScenarioRun, SitingStudy, TravelTimes, WatchItem


def personal_data(user: User) -> dict[str, Any]:
    followed = WatchItem.objects.filter(owner=user).order_by("pk")
    studies = SitingStudy.objects.filter(created_by=user).order_by("pk")
    runs = ScenarioRun.objects.filter(asked_by=user).select_related("scenario").order_by("pk")
    files = TravelTimes.objects.filter(sent_by=user).order_by("pk")
    return {
        "études d’implantation ouvertes": [
            {"titre": one.title, "le": one.created_at.isoformat()} for one in studies
        ],
        "calculs demandés": [
            {"scénario": one.scenario.name, "le": one.asked_at.isoformat()} for one in runs
        ],
        "temps de trajet envoyés": list(files.values_list("name", flat=True)),
        "sujets de veille suivis": [
            {"objet": one.title, "état": one.get_state_display()} for one in followed
        ],
    }
