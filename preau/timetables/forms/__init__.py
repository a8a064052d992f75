"""Forms of the room, by page."""
