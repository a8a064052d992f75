"""Addresses of calendars: those a place follows, one's own."""

from django.urls import path

import preau.calendars.perms  # noqa: F401  (declares the matrix)
from preau.calendars.views import outside, personal

app_name = "calendars"
_PLACE = "gerer/lieux/<int:place_id>/agendas/"
_ONE = "gerer/agendas/<uuid:calendar_key>/"

urlpatterns = [
    path(_PLACE, outside.of_place, name="of_place"),
    path(f"{_PLACE}nouveau/", outside.follow, name="follow"),
    path(_ONE, outside.show, name="show"),
    path(f"{_ONE}lire/", outside.read_now, name="read_now"),
    path(f"{_ONE}arreter/", outside.stop, name="stop"),
    path("mon-agenda/", personal.mine, name="mine"),
    path("mon-agenda/adresse/", personal.give, name="give"),
    path("mon-agenda/supprimer/", personal.take_back, name="take_back"),
    path("mon-agenda/<str:feed_secret>.ics", personal.feed, name="personal"),
]
