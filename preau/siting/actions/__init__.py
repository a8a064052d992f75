"""What may be done, by subject."""
