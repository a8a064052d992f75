"""Periodic and deferred work, by part of the room."""

from preau.projects.tasks import filing, help, impact, pair

__all__ = ["filing", "help", "impact", "pair"]
