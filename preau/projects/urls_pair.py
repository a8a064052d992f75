"""The State's pair: inbox, triage, services, absences."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
