"""A project's sheet and what is on it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
