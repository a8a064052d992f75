"""The demonstration: an invented Isère. Real communes, fictitious places, people and bookings.

Made with the same actions as the pages, from a fixed seed, so that two loads look alike.
"""

SEED = 38
