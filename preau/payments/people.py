"""What the room keeps about a person."""

from __future__ import annotations

from typing import Any

from preau.accounts.models import User
from preau.core.formats import euros
from preau.payments.enums import DueState
from preau.payments.models import Due


def personal_data(user: User) -> dict[str, Any]:
    """Kept ten years as accounting documents (code de commerce, article L. 123-22)."""
    found = Due.objects.filter(payer_user=user).select_related("payee").order_by("id")
    return {
        "Sommes dues": [
            {
                "Numéro": due.number,
                "Objet": due.label,
                "À": due.payee.name,
                "Au nom de": due.payer_name,
                "Total": euros(due.total_cents),
                "Payé": euros(due.kept_cents),
                "État": DueState(due.state).label,
            }
            for due in found
        ]
    }
