"""What the addresses of calls, kits and workshops take."""


class CallsWorld:
    """Things of calls, kits and workshops."""


CALLS_SAMPLES = {}
CALLS_SAMPLES_BY_ARGUMENT = {}
