"""What every write of the library shares."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from preau.core import clock
from preau.core.errors import Refusal
from preau.resources import areas
from preau.resources.enums import TRANSITIONS, ResourceState
from preau.resources.models import Contact, Resource
from preau.territories import names


def locked(resource: Resource) -> Resource:
    """The record as it is now; others who change it wait."""
    return (
        Resource.objects.select_for_update(no_key=True, of=("self",))
        .select_related("owner")
        .get(pk=resource.pk)
    )


def go(resource: Resource, state: ResourceState) -> None:
    """Change the state, in memory.

    Raises:
        Refusal: the table of transitions does not lead there.
    """
    if state not in TRANSITIONS[ResourceState(resource.state)]:
        raise Refusal(
            f"Cette fiche est maintenant « {resource.get_state_display()} » : rechargez la page"
            " pour voir ce qui peut encore être fait.",
            code="state",
        )
    resource.state = state


def save(resource: Resource) -> Resource:
    """Compute what follows from the rest, check, save.

    Raises:
        Refusal: with the sentence of the first rule broken.
    """
    _complete(resource)
    check(resource)
    resource.save()
    return resource


def save_of_machine(resource: Resource) -> Resource:
    """The same for thousands of rows that nobody waits for: constraints are left to the database,
    which Django would ask one by one, a statement each.

    Raises:
        ValidationError, IntegrityError: a value that is none of its column, or breaks a rule.
    """
    _complete(resource)
    resource.clean_fields(exclude=["search", "owner", "provider", "edited_by"])
    resource.save()
    return resource


def _complete(resource: Resource) -> None:
    resource.title_key = names.search_key(resource.title)[:200]
    resource.reach = areas.reach_of(resource.areas)
    resource.updated_at = clock.now()


def check(row: Resource | Contact) -> None:
    """Raises: Refusal, with the sentence of the first rule broken."""
    try:
        row.full_clean(exclude=["search"] if isinstance(row, Resource) else None)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        field = "" if field == NON_FIELD_ERRORS else field
        raise Refusal(messages[0], field=field, code="incomplete") from error
