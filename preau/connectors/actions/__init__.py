"""What the operator does to links with outside services."""

from preau.connectors.actions.trying import try_now

__all__ = ["try_now"]
