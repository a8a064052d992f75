"""The commands of the Makefile. Standard library only: they run before any dependency exists."""
