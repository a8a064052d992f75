"""Pages of links with outside services."""
