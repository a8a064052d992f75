"""Pages: the occupant's (`occupant`, `page`, `mine`), the manager's `answers`."""
