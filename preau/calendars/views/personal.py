"""One's own bookings in one's own calendar."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST

from preau.accounts.actors import actor_of
from preau.accounts.perms import permission
from preau.calendars.actions import personal
from preau.calendars.feeds import personal_calendar
from preau.calendars.models import PersonalFeed

CALENDAR = "text/calendar; charset=utf-8"


@permission("calendars.mine")
def mine(request: HttpRequest) -> HttpResponse:
    feed = PersonalFeed.objects.filter(user=actor_of(request).user).first()
    address = feed and request.build_absolute_uri(reverse("calendars:personal", args=[feed.secret]))
    return render(request, "calendars/mine.html", {"feed": feed, "address": address})


@permission("calendars.mine")
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    user = actor_of(request).user
    assert user is not None
    replaces = PersonalFeed.objects.filter(user=user).exists()
    personal.give(user)
    former = " La précédente ne montre plus rien." if replaces else ""
    messages.success(request, f"Votre adresse est prête.{former}")
    return redirect("calendars:mine")


@permission("calendars.mine")
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    user = actor_of(request).user
    assert user is not None
    personal.take_back(user)
    messages.success(request, "L’adresse ne montre plus rien.")
    return redirect("calendars:mine")


def load_by_secret(feed_secret: str) -> PersonalFeed:
    """The feed whose secret it is, its person still here."""
    feeds = PersonalFeed.objects.select_related("user").filter(user__is_active=True)
    feed = feeds.filter(secret=feed_secret[:43].replace("\x00", "")).first()
    if feed is None or not constant_time_compare(feed.secret, feed_secret):
        raise Http404
    return feed


@permission("calendars.by_secret", load=load_by_secret)
def feed(request: HttpRequest, feed: PersonalFeed) -> HttpResponse:
    response = HttpResponse(personal_calendar(feed.user), content_type=CALENDAR)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
