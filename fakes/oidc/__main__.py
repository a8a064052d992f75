"""Start both: `python -m fakes.oidc --site http://localhost:8000`; prints their issuers as JSON.

Their one dependency is fetched once, with npm, into the data folder (PREAU_VAR): node looks for
modules beside its script, so the script is copied there too. Without node or npm, status 69.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LOCKED = ("package.json", "package-lock.json")
MISSING = 69  # EX_UNAVAILABLE of sysexits.h


def installed(var: Path) -> Path:
    """The folder with the modules of the lock file; made where missing, whole or not at all."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = var / "node" / f"oidc-{lock}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for name in LOCKED:
            shutil.copy(HERE / name, made)
        words = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(words, cwd=made, check=True, stdout=subprocess.DEVNULL)
        with contextlib.suppress(OSError):  # another run was quicker
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def main() -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        sys.stderr.write("The stand-ins of ProConnect and FranceConnect need node and npm.\n")
        sys.exit(MISSING)
    folder = installed(Path(os.environ.get("PREAU_VAR") or ROOT / "var").resolve())
    script = folder / "op.mjs"
    fresh = (HERE / "op.mjs").read_bytes()
    if not script.exists() or script.read_bytes() != fresh:
        part = folder / f"op.{os.getpid()}"
        part.write_bytes(fresh)
        part.replace(script)
    words = ["node", "--no-warnings", str(script), "--personas", str(HERE / "personas.json")]
    os.execvp("node", [*words, *sys.argv[1:]])  # one process: whoever started us can stop it


if __name__ == "__main__":
    main()
