"""Forms of the managers' pages: `place` and `space`."""
