"""Forms: the occupant's (`occupant`), the manager's (`answers`)."""
