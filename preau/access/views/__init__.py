"""Pages of doors and codes."""
