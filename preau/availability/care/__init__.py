"""Keeping the search index equal to the truth: comparing, repairing, rebuilding, extending."""
