"""What people type about studies and the watch."""
