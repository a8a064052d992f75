"""The tables of the initiatives room, by subject."""
