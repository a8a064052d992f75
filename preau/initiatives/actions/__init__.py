"""What changes, by subject: atomic verbs."""
