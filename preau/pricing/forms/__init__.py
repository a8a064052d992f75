"""Forms of tariffs."""
