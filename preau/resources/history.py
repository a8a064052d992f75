"""Adding a line to a resource's past, and saying what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from preau.accounts.actors import Actor
from preau.core import audit, clock
from preau.resources.enums import EntryKind
from preau.resources.models import Entry, Resource

#: What a record says: read again by somebody else when it changes.
CONTENT = (
    "kind",
    "title",
    "summary",
    "body",
    "eligibility",
    "provider_name",
    "url",
    "application_url",
    "themes",
    "blockage_kinds",
    "phases",
    "audiences",
    "areas",
    "aid_types",
    "rate_min",
    "rate_max",
    "rate_note",
    "floor_cents",
    "ceiling_cents",
    "recurrence",
    "is_call",
    "is_charged",
    "opens_on",
    "closes_on",
    "expires_on",
)


def record(
    actor: Actor,
    kind: EntryKind,
    resource: Resource,
    *,
    reason: str = "",
    changed: Iterable[str] = (),
) -> Entry:
    """Write who did what, in the transaction of the action, with the content from then on."""
    audit.record(actor, f"resource.{kind.value}", resource, reason=reason, state=resource.state)
    return Entry.objects.create(
        resource=resource,
        kind=kind,
        at=clock.now(),
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        reason=reason,
        changed=sorted(changed),
        content={name: _plain(getattr(resource, name)) for name in CONTENT},
    )


def labels(entry: Entry) -> list[str]:
    """The names of what changed, as the page says them."""
    known = {field.name: str(field.verbose_name) for field in Resource._meta.concrete_fields}
    known |= {"areas": "territoires", "contacts": "contacts"}
    return [known[name] for name in entry.changed if name in known]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
