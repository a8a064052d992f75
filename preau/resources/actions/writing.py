"""Writing a record: its content in draft only, its contacts at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.core.errors import Forbidden, Refusal
from preau.resources import areas, history, perms
from preau.resources.actions.saving import check, locked, save
from preau.resources.enums import EntryKind, ResourceKind, ResourceState, Source
from preau.resources.models import Contact, Resource

MOST_CONTACTS = 3


@transaction.atomic
def create(*, actor: Actor, kind: ResourceKind, title: str) -> Resource:
    """Begin a record, in draft: its organisation keeps it.

    Raises:
        Forbidden: the person acts for nobody who writes in the library.
    """
    if not perms.may_create(actor):
        raise Forbidden("Votre structure n’écrit pas dans la bibliothèque.")
    owner = actor.organization
    resource = Resource(
        kind=kind,
        title=title.strip(),
        owner=owner,
        provider=owner,
        provider_name=owner.name if owner else "",
        edited_by=actor.user,
    )
    save(resource)
    history.record(actor, EntryKind.CREATED, resource)
    return resource


@transaction.atomic
def edit(resource: Resource, values: Mapping[str, Any], *, actor: Actor) -> Resource:
    """Change what a draft says; only the fields given.

    Raises:
        Refusal: it is no draft, or a value breaks a rule.
    """
    perms.require(actor, "resource.write", resource)
    resource = locked(resource)
    if resource.state != ResourceState.DRAFT:
        raise Refusal(
            "Cette fiche n’est plus un brouillon. Reprenez-la d’abord en brouillon, puis"
            " modifiez-la.",
            code="state",
        )
    if unknown := values.keys() - set(history.CONTENT):
        raise TypeError(f"Not editable: {', '.join(sorted(unknown))}")
    given = dict(values)
    if "areas" in given:
        given["areas"] = areas.checked(given["areas"])
    changed = [name for name, value in given.items() if getattr(resource, name) != value]
    if not changed:
        return resource
    for name in changed:
        setattr(resource, name, given[name])
    owner = resource.owner
    resource.provider = owner if owner and owner.name == resource.provider_name else None
    resource.edited_by = actor.user
    if resource.source == Source.PREAU:  # from now on ours: a new delivery leaves it alone
        resource.source = Source.SITE
    save(resource)
    history.record(actor, EntryKind.EDITED, resource, changed=changed)
    return resource


@transaction.atomic
def set_contacts(
    resource: Resource, contacts: Sequence[Mapping[str, str]], *, actor: Actor
) -> Resource:
    """Replace the contacts: a telephone number needs no second reading.

    Raises:
        Refusal: a contact cannot be reached.
    """
    perms.require(actor, "resource.write", resource)
    resource = locked(resource)
    if len(contacts) > MOST_CONTACTS:
        raise Refusal(f"Une fiche porte au plus {MOST_CONTACTS} contacts.")
    resource.contacts.all().delete()
    for position, given in enumerate(contacts, start=1):
        row = Contact(resource=resource, position=position, **given)
        try:
            check(row)
        except Refusal as refusal:
            field = f"{refusal.field or 'email'}_{position}"
            raise Refusal(refusal.sentence, field=field, code=refusal.code) from refusal
        row.save()
    history.record(actor, EntryKind.EDITED, resource, changed=["contacts"])
    return resource
