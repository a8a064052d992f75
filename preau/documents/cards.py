"""What the home page says of the vault: what expires, what waits for an approval."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from preau.accounts.actors import actor_of
from preau.core.cards import Card
from preau.core.formats import count, day
from preau.documents import queries


def expiring(request: HttpRequest) -> Card | None:
    """Documents of the hat worn that expire soon or have expired, and that nothing replaces."""
    found = queries.to_renew(actor_of(request))
    if not found:
        return None
    first = found[0]
    assert first.expires_on is not None
    expired = first.expires_on < queries.today()
    verb = "n’est plus valable depuis le" if expired else "est valable jusqu’au"
    return Card(
        title=f"{count(len(found), 'document')} à renouveler",
        href=reverse("documents:vault"),
        text=f"« {first.title} » {verb} {day(first.expires_on)}.",
        badge=("error", "Expirée") if expired else ("warning", "Expire bientôt"),
    )


def eliminations(request: HttpRequest) -> Card | None:
    """For who approves: documents kept long enough wait for a yes."""
    waiting = queries.eliminations_for(actor_of(request)).filter(approved_at=None).count()
    if not waiting:
        return None
    return Card(
        title="Documents à détruire",
        href=reverse("documents:eliminations"),
        text="Des documents ont été conservés assez longtemps : approuvez leur destruction.",
        badge=("waiting", "À approuver"),
    )
