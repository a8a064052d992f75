"""What the vault says of a person: exported when they ask."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from preau.accounts.models import User
from preau.documents import journal
from preau.documents.models import Document, JournalPrivate


def personal_data(user: User) -> dict[str, Any]:
    """Their own documents, those they deposited for others, and what they read of others'."""
    documents = Document.objects.filter(Q(owner_user=user) | Q(uploaded_by=user))
    readings = JournalPrivate.objects.filter(entry__kind=journal.READING, data__user=user.pk)
    return {
        "documents": [
            {
                "nature": one.get_kind_display(),
                "titre": one.title,
                "titulaire": one.owner,
                "déposé le": one.created_at,
                "valable jusqu’au": one.expires_on,
                "retiré le": one.removed_at,
                "empreinte": one.file.sha256,
            }
            for one in documents.select_related(
                "file", "owner_user", "owner_organization"
            ).order_by("pk")
        ],
        "documents d’autrui lus": [
            {"document": one.entry.data["document"], "lu le": one.entry.at}
            for one in readings.select_related("entry").order_by("pk")
        ],
    }
