"""Addresses of the occupant's pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
