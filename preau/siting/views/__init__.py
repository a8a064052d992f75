"""Pages of studies and of the watch."""
