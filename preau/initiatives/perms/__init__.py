"""The lines of the permission matrix of this room, by subject."""

from preau.initiatives.perms import calls, campaigns, kits, listings, stories, workshops

__all__ = ["calls", "campaigns", "kits", "listings", "stories", "workshops"]
