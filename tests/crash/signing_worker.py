"""A real worker of the queue that dies where it is told: `python -m tests.crash.signing_worker`.

The environment says where: SIGNING_DIES="before|after <module>.<function>", the first time only.
It does what waits, puts back first what a dead worker was doing, and ends.
"""

import contextlib
import os
import signal
import sys
from importlib import import_module

import django


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point):
    """Replace the function by one that ends this process before or after its work."""
    when, _, path = point.partition(" ")
    module_name, _, name = path.rpartition(".")
    module = import_module(module_name)
    true = getattr(module, name)

    def deadly(*args, **kwargs):
        if when == "before":
            die()
        true(*args, **kwargs)
        die()

    setattr(module, name, deadly)


def main():
    django.setup()
    from django.conf import settings
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    settings.MEDIA_ROOT = os.environ["SIGNING_FILES"]
    if point := os.environ.get("SIGNING_DIES", ""):
        arm(point)
    name = "notifications.retry_stalled_jobs"
    with contextlib.suppress(AlreadyEnqueued):  # by a worker that died before it came to it
        app.configure_task(name).defer(timestamp=0)
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
    sys.exit(0)
