"""Where the next places go: pure computation, no database (maximal covering location)."""
