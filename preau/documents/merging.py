"""When an organisation is merged into another: its vault becomes the other's, and says so.

The one way a document changes owner: the guard of 0004 lets through this merge alone, and each
journal tells it. The lines already written stay in the chain of the organisation that is no more.
"""

from __future__ import annotations

from preau.accounts.audiences import heirs
from preau.accounts.models import Organization
from preau.documents import journal
from preau.documents.models import Document, DocumentReader, Elimination


def move_vault(source: Organization, target: Organization) -> None:
    # Not approved yet: a proposal, made again from what the other then has.
    waiting = Elimination.objects.filter(approved_at=None)
    if waiting.filter(organization=target).exists():
        waiting.filter(organization=source).delete()
    for old, new in heirs(source.pk, target.pk):
        lines = DocumentReader.objects.filter(key=old)
        both = DocumentReader.objects.filter(key=new, document__in=lines.values("document"))
        lines.filter(document__in=list(both.values_list("document", flat=True))).delete()
        DocumentReader.objects.filter(key=old).update(key=new)
    documents = list(
        Document.objects.filter(owner_organization=source)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not documents and source.merged_into_id is not None:
        return  # said already, and nothing came late
    facts = {"from": source.pk, "to": target.pk, "documents": documents}
    for one in sorted((source.pk, target.pk)):
        journal.append(f"vault:organization:{one}", "vault.merged", facts)
