"""What shared places change: definitions beside the figures, each with its query."""
