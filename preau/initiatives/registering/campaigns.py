"""What campaigns and pledges bring to pages of other rooms, to the menu and to the tasks."""

from __future__ import annotations


def register() -> None:
    """Called once, when the room is ready."""
