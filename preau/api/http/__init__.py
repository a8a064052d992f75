"""What every call of the API goes through, whatever it asks."""
