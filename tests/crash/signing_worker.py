"""A real worker of the queue that dies where it is told, in a process of its own.

It is forked from one that has imported everything: the first alone pays for that. It does what
waits, puts back first what a dead worker was doing, and ends.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
from importlib import import_module

import django
from django.conf import settings
from django.urls import reverse

#: Seconds.
PATIENCE = 120

django.setup()
reverse("account_login")  # imports every page: letters give the address of some


def run(*, log, dies="", authority=""):
    """One worker on the tests' database and files; how it ended, as a process says it.

    Args:
        log: the file that keeps what it says.
        dies: "before|after <module>.<function>", the first time only.
        authority: the address of the time-stamp authority, if not the trial one.
    """
    from django.db import connection

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    given = (connection.settings_dict["NAME"], str(settings.MEDIA_ROOT), dies, authority, log)
    process = context.Process(target=_main, args=given)
    process.start()
    process.join(PATIENCE)
    try:
        return process.exitcode
    finally:
        process.kill()
        process.join()
        process.close()


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(point):
    """Replace the function by one that ends this process before or after its work."""
    when, _, path = point.partition(" ")
    module_name, _, name = path.rpartition(".")
    module = import_module(module_name)
    true = getattr(module, name)

    def deadly(*args, **kwargs):
        if when == "before":
            _die()
        true(*args, **kwargs)
        _die()

    setattr(module, name, deadly)


def _main(database, files, dies, authority, log):
    with log.open("w") as said:
        os.dup2(said.fileno(), sys.stderr.fileno())
    from django.db import connection
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    connection.settings_dict["NAME"] = database
    settings.MEDIA_ROOT = files
    settings.TSA["url"] = authority
    if dies:
        _arm(dies)
    app.periodic_registry.periodic_tasks.clear()  # what every room does each minute
    name = "notifications.retry_stalled_jobs"
    with contextlib.suppress(AlreadyEnqueued):  # by a worker that died before it came to it
        app.configure_task(name).defer(timestamp=0)
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
