"""Entry of every command: `python -m ops demo`, `test`, `check`…"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ops import checks, demo, testing
from ops.console import CannotGoOn, say


def main(words: list[str]) -> int:
    options = _parser().parse_args(words)
    try:
        return _run(options)
    except CannotGoOn as reason:
        say(f"\nPréau: {reason}")
        return 1


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "demo":
            return demo.run(_folder(options.var), options.port)
        case "test":
            return testing.everything(_folder("var") / "test", options.words)
        case "test-pg15":
            return testing.on_debian_15(_folder("var") / "test-pg15", options.words)
        case "bench":
            return checks.bench(options.words)
    return {"check": checks.check, "fix": checks.fix, "lock": checks.lock}[options.command]()


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "fix", "lock"):
        commands.add_parser(name)
    for name in ("test", "test-pg15", "bench"):
        commands.add_parser(name).add_argument("words", nargs="*")
    start = commands.add_parser("demo")
    start.add_argument("--port", type=_port, default=8000)
    start.add_argument("--var", default="var")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
