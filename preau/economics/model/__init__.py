"""Whether a place holds: revenues, costs, doubts, 36 months. Pure computation (numpy)."""
