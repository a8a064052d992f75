"""Pages of managers, under /gerer/lieux/; and the pictures, for everyone."""
