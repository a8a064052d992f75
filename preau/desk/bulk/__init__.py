"""The same change to many spaces at once: looked at space by space, then made whole or not."""
