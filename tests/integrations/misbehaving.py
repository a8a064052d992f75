"""What any service does on a bad day (`fakes.misbehaving`), for the fakes that live here and are
run by their file; and how a test runs one."""

import contextlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:  # a fake run by its file
    sys.path.append(str(ROOT))

from fakes.misbehaving import Handler, Said, door, lock, run  # noqa: E402

__all__ = ["Handler", "Said", "door", "lock", "run", "running"]


@contextlib.contextmanager
def running(name, *arguments):
    """A fake as a process of its own; its address. `fakes.<name>`, or a file of this folder."""
    file = Path(__file__).parent / f"{name}.py"
    command = ["-m", name] if name.startswith("fakes.") else [str(file)]
    process = subprocess.Popen(
        [sys.executable, *command, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
