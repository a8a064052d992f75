"""The public pages: search, places, spaces, calendars."""

from django.urls import path

from preau.find.views import calendars, pages, search, series

app_name = "find"
SPACE = "lieux/<slug:slug>/<slug:space_slug>/"

urlpatterns = [
    path("trouver/", search.search, name="search"),
    path("trouver/toutes-les-semaines/", series.search, name="series"),
    path("trouver/communes/", search.communes, name="communes"),
    path("trouver/territoires/", search.areas, name="areas"),
    path("lieux/<slug:slug>/", pages.place, name="place"),
    path(SPACE, pages.space, name="space"),
    path(f"{SPACE}disponibilites.ics", calendars.space_feed, name="space_feed"),
    path("agenda/<str:secret>.ics", calendars.place_feed, name="place_feed"),
]
