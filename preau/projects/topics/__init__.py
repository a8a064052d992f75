"""What people can be told about, by part of the room."""
