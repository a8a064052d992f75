"""Addresses of what brings lists of places in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
