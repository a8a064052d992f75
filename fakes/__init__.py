"""Stand-ins for outside services: real servers on loopback, for tests and the demonstration.

Each behaves as its service is documented to, errors and quirks included; none is reachable in
production, where the settings name the real ones.
"""
