"""What mirrors keep about a person, for their export."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.mirrors.models import Conflict, Mirror, MirrorRun


def personal_data(user: User) -> dict[str, Any]:
    mirrors = Mirror.objects.filter(keeper=user).order_by("pk")
    runs = MirrorRun.objects.filter(asked_by=user).select_related("mirror").order_by("pk")
    decided = Conflict.objects.filter(decided_by=user).order_by("pk")
    return {
        "miroirs Grist tenus": [
            {"nom": one.name, "depuis": one.created_at.isoformat()} for one in mirrors
        ],
        "synchronisations demandées": [
            {"miroir": one.mirror.name, "le": one.asked_at.isoformat()} for one in runs
        ],
        "conflits tranchés": [
            {"décision": one.get_state_display(), "le": one.decided_at.isoformat()}
            for one in decided
            if one.decided_at
        ],
    }
