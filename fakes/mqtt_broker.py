"""Debian's mosquitto with passwords and rights, on loopback: `python -m fakes.mqtt_broker`.

Nobody enters without a password, and each reads and writes only the topics under its own base.
Prints its port. Arguments: `--port N --folder PATH user:password:base …`.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"


def program(name="mosquitto"):
    """Where it is; None where Debian's package is not installed."""
    return shutil.which(name) or shutil.which(name, path=PATH)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def write(folder, port, users):
    """Its configuration, passwords and list of rights. `users`: (name, password, base)."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    passwords = folder / "passwords"
    passwords.write_text("".join(f"{name}:{word}\n" for name, word, _ in users))
    passwords.chmod(0o600)
    subprocess.run([program("mosquitto_passwd"), "-U", passwords], check=True, capture_output=True)
    rights = "".join(f"user {name}\ntopic readwrite {base}/#\n\n" for name, _, base in users)
    (folder / "rights").write_text(rights)
    (folder / "rights").chmod(0o600)
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous false", f"password_file {passwords}"]
    lines += [f"acl_file {folder / 'rights'}", "persistence false", "log_dest none"]
    if os.getuid() == 0:  # else it would become a user that cannot read this folder
        lines.append("user root")
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    return folder / "mosquitto.conf"


def start(folder, users, port=0):
    """A broker that answers: its process and port."""
    port = port or free_port()
    process = subprocess.Popen(
        [program(), "-c", write(folder, port, users)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return process, port
    process.kill()
    raise RuntimeError("mosquitto does not start")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--folder", required=True)
    parser.add_argument("users", nargs="+")
    asked = parser.parse_args()
    process, port = start(
        asked.folder, [tuple(one.split(":", 2)) for one in asked.users], asked.port
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        process.wait()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
