"""Forms of links with outside services."""
