"""What the API reads and writes, typed: its description is made of these."""
