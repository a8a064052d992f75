"""The two calendars, as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from preau.accounts.perms import permission
from preau.find.feeds import busy_calendar, place_calendar
from preau.find.views.pages import load_space
from preau.places.enums import Publication
from preau.places.models import Place, Space

CALENDAR = "text/calendar; charset=utf-8"


@permission("find.read", load=load_space)
def space_feed(request: HttpRequest, space: Space) -> HttpResponse:
    if not space.is_public:
        raise Http404
    page = request.build_absolute_uri(request.path.rsplit("/", 1)[0] + "/")
    response = HttpResponse(busy_calendar(space, page), content_type=CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{space.slug}.ics"'
    response["Cache-Control"] = "public, max-age=600"
    return response


def load_place_by_secret(secret: str) -> Place:
    """The place whose secret it is; the secret is compared whole, in constant time."""
    places = Place.objects.exclude(publication=Publication.ARCHIVED)
    place = places.filter(feed_secret=secret[:43].replace("\x00", "")).first()
    if place is None or not constant_time_compare(place.feed_secret, secret):
        raise Http404
    return place


@permission("find.feed", load=load_place_by_secret)
def place_feed(request: HttpRequest, place: Place) -> HttpResponse:
    page = request.build_absolute_uri("/")
    response = HttpResponse(place_calendar(place, page), content_type=CALENDAR)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
