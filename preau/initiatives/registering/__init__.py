"""What this room registers, by subject."""
