import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def geocoder_url():
    process = subprocess.Popen(
        [sys.executable, Path(__file__).parent / "fake_geocoder.py"],
        stdout=subprocess.PIPE,
        text=True,
    )
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.kill()
    process.wait()
    process.stdout.close()
