"""Writes of the vault."""

from preau.documents.actions.vault import deposit, read, replace, share, unshare, withdraw

__all__ = ["deposit", "read", "replace", "share", "unshare", "withdraw"]
