"""Who pays what in a place used by several: pure computation, money in cents."""
