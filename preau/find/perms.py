"""Who may look: anyone. The pages of a place that is not published ask `place.preview` as well."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from preau.accounts.actors import actor_of
from preau.accounts.enums import Role
from preau.accounts.perms import allowed, declare
from preau.places.enums import Publication
from preau.places.models import Place, Space

declare(
    {
        "find.search": (Role.ANYONE,),
        "find.read": (Role.ANYONE,),
        # Whoever holds the secret address reads the planning.
        "find.feed": (Role.ANYONE,),
    }
)


def require_readable(request: HttpRequest, subject: Place | Space) -> bool:
    """Whether the page is public; if not, only those who may preview it go further.

    Raises:
        Http404: neither public nor for this person; the page then does not exist for them.
    """
    if subject.is_public:
        return True
    if not allowed(actor_of(request), "place.preview", subject):
        raise Http404
    return False


def is_archived(subject: Place | Space) -> bool:
    place = subject.place if isinstance(subject, Space) else subject
    return Publication.ARCHIVED in (subject.publication, place.publication)
