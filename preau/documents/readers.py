"""Who may see a document and who read it, in words, for its owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from preau.accounts.audiences import deciders_of
from preau.accounts.models import Organization, User
from preau.core.registries import audience_names
from preau.documents import journal
from preau.documents.actions.vault import chain_of
from preau.documents.models import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """One time someone else read it. `who` is empty once the year is over."""

    at: datetime
    who: str
    why: str


def names_of(document: Document) -> list[str]:
    """Those it was shown to."""
    keys = {reader.key for reader in document.readers.all()}
    known = _people(keys) | _organizations(keys) | _deciders(keys)
    for source in audience_names:
        known |= source(keys)
    return sorted(known.get(key, "Un service qui n’existe plus") for key in keys)


def readings_of(document: Document) -> list[Reading]:
    """The last readings by others."""
    entries = journal.readings(chain_of(document), document.pk)
    privates = [entry.private.data for entry in entries if hasattr(entry, "private")]
    people = _people({f"user:{one['user']}" for one in privates})
    organizations = _organizations({f"organization:{one['organization']}" for one in privates})
    found = []
    for entry in entries:
        data = entry.private.data if hasattr(entry, "private") else {}
        person = people.get(f"user:{data.get('user')}", "")
        hat = organizations.get(f"organization:{data.get('organization')}", "")
        who = f"{person}, {hat}" if person and hat else person or hat
        found.append(Reading(entry.at, who, str(data.get("why", ""))))
    return found


def _people(keys: Iterable[str]) -> dict[str, str]:
    found = User.objects.filter(pk__in=_numbers("user", keys))
    return {f"user:{one.pk}": one.full_name for one in found}


def _organizations(keys: Iterable[str]) -> dict[str, str]:
    found = Organization.objects.filter(pk__in=_numbers("organization", keys))
    return {f"organization:{one.pk}": one.name for one in found}


def _deciders(keys: Iterable[str]) -> dict[str, str]:
    lines = [key.removesuffix(":deciders") for key in keys if key.endswith(":deciders")]
    found = Organization.objects.filter(pk__in=_numbers("organization", lines))
    roles = "validation, gestion et administration"
    return {deciders_of(one.pk): f"{one.name} ({roles})" for one in found}


def _numbers(kind: str, keys: Iterable[str]) -> list[int]:
    parts = [key.partition(":") for key in keys]
    return [int(number) for name, _, number in parts if name == kind and number.isdecimal()]
