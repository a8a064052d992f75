"""The queue of a hall: whoever writes on it, on its parts or on their time waits here first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from preau.places.models import Space


def lock_root(space: Space) -> Space:
    """Until the transaction ends nobody else writes on this hall; gives its root as it stands."""
    [root] = lock_roots([space])
    return root


def lock_roots(spaces: Iterable[Space]) -> list[Space]:
    """The same for several halls, always in the same order: two writers never wait in a circle."""
    roots = {space.root_id_or_self for space in spaces}
    rows = Space.objects.filter(pk__in=roots).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def queue_for(root_ids: Iterable[int]) -> None:
    """The same, for who needs no more than to be alone there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM places_space WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(root_ids)],
        )
