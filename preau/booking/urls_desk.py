"""Addresses of the manager's desk and planning."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
