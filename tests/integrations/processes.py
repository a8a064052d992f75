"""Fakes are processes of their own: a client speaks to them over a real connection."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(script, *arguments):
    """Gives the address of a fake that prints its port."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).parent / script, *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
