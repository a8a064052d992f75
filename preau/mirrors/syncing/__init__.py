"""Going through a mirror: its tables made, what changed sent, what left taken out, what people
changed there settled."""
