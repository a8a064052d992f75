"""What people do to mirrors."""
