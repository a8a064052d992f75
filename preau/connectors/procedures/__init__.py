"""Démarches of the State filled from a project: what goes where, what became of it."""
