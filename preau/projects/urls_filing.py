"""Filing a project: the draft, its steps, its deposit."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
