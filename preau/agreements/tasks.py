"""The worker's part of the room."""

from preau.agreements import signing_tasks  # noqa: F401  (found by name from here)
