"""From the words of an address to the thing, by subject."""
