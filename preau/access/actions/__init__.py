"""Writes: doors and accounts, codes brought in step with what deserves them, what is told."""

from preau.access.actions.reconciling import follow, reconcile

__all__ = ["follow", "reconcile"]
