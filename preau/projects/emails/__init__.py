"""Letters, by part of the room."""
