"""One database migrated once on a server, copied for each process that tests.

Migrating from nothing takes a quarter of a minute, copying a second. The name carries the migrations'
digest: another state of the code makes another one.
"""

import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
PREFIX = "preau_migrated_"
#: One process migrates, the others wait for it.
LOCK = 4_817_256


def name_of_template():
    """Of the migrations as they are, ours and those of the pinned packages."""
    digest = hashlib.sha256((ROOT / "requirements" / "dev.lock").read_bytes())
    for path in sorted((ROOT / "preau").glob("*/migrations/*.py")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def prepare():
    """The name of a database to copy, made if need be."""
    name = name_of_template()
    with connection._nodb_cursor() as cursor, _alone(cursor):
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for former in there:
                cursor.execute(f'DROP DATABASE IF EXISTS "{former}"')
            _make(cursor, name)
    return name


def _make(cursor, name):
    """Under another name until it is whole: a run that is stopped leaves nothing half made."""
    half = f"{name}_half"
    cursor.execute(f'CREATE DATABASE "{half}"')
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{half}").geturl()
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "migrate", "--no-input", "-v", "0"],
        env=os.environ | {"DATABASE_URL": url},
        cwd=ROOT,
        check=True,
    )
    cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{name}"')


@contextmanager
def _alone(cursor):
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
