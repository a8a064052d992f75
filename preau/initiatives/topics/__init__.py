"""What the initiatives room tells people about, by subject."""
