"""Each outside service on each of its bad days, at its real limits: what a page then costs.

Of a service: its page opened while it is well, then after it failed; the click that asks it (or,
for those that a worker asks, the task: nobody waits for it); the operator's page of services. Runs
tests/outside/measured_days.py in a database of the tests, on the server of DATABASE_URL.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.figures import figure

FILE = Path(__file__).parent.parent / "tests" / "outside" / "measured_days.py"


def main() -> None:
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:randomly", "--reuse-db"]
    environment = {**os.environ, "PREAU_MODE": "test"}
    with subprocess.Popen(  # noqa: S603  our own file
        [*command, str(FILE)], stdout=subprocess.PIPE, text=True, env=environment
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            before, said, after = line.partition("bench outside.")
            if said:  # after the dot that pytest writes for the row before
                name, value, unit = after.split()
                figure(f"outside.{name}", float(value), unit)
            else:
                sys.stderr.write(before)
    if run.returncode:
        sys.exit("A page or a click was too slow, or a measure failed: see above.")
