"""Writes of the room: each is one atomic verb."""
