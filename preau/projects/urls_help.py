"""Blockages, suggestions, recommendations, answers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
