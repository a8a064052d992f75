"""Pages of mirrors, and the address that Grist calls."""
