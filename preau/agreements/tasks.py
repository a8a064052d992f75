"""The worker's part of the room."""

from preau.agreements import drafting_tasks, signing_tasks  # noqa: F401  (found by name from here)
