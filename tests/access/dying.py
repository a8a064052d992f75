"""A worker of its own that is killed while it speaks to a lock: `python -m tests.access.dying`.

Arguments: the code's number, whether it dies `before` or `after` the lock has obeyed, and when it
is then: a lock without dates is not asked days early.
"""

import os
import signal
import sys
from datetime import datetime

import django


def main():
    django.setup()
    from preau.access.actions.acting import act
    from preau.access.drivers.zigbee import ZigbeeDoor
    from preau.core import clock

    moment, real = sys.argv[2], ZigbeeDoor.put

    def put(self, wanted):
        if moment == "after":
            real(self, wanted)
        os.kill(os.getpid(), signal.SIGKILL)

    ZigbeeDoor.put = put
    with clock.frozen(datetime.fromisoformat(sys.argv[3])):
        act(int(sys.argv[1]))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
