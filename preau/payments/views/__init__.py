"""Views of the room; private to it."""
