"""Writes of the engine. Every occupancy, whoever asks, goes through `occupancies.occupy`."""
