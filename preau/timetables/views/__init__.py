"""Pages of the timetables."""
