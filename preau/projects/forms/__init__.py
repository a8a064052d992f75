"""Forms, by part of the room."""
