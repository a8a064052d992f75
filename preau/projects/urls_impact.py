"""Funding requests, review at closing, feedback on programmes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
