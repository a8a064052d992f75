"""Before everything of an organisation becomes another's: names that would clash."""

from __future__ import annotations

from preau.accounts.actions.merging import rename_twins
from preau.accounts.models import Organization
from preau.charters.models import Charter, Network


def settle(source: Organization, target: Organization) -> None:
    """Charters and networks of the same name tell whose they were."""
    for model in (Charter, Network):
        rename_twins(model.objects.all(), source, target, longest=120, owner="keeper")
