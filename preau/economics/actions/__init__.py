"""Every write of the room: one atomic verb each."""
