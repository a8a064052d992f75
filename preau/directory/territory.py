"""Under which lines the authorities of a commune read its sheets."""

from __future__ import annotations

from preau.territories.models import Commune


def territory_keys(commune: Commune) -> frozenset[str]:
    """The lines under which the authorities of a commune read."""
    keys = {f"territory:commune:{commune.pk}", f"territory:departement:{commune.departement_id}"}
    if commune.epci_id:
        keys.add(f"territory:epci:{commune.epci_id}")
    return frozenset(keys)
