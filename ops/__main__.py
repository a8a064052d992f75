"""Entry of every command: `python -m ops demo`, `test`, `check`…"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ops.console import CannotGoOn, say


def main(words: list[str]) -> int:
    options = _parser().parse_args(words)
    var = Path(options.var).expanduser().resolve()
    try:
        if options.command == "demo":
            from ops import demo

            return demo.run(var, options.port)
    except CannotGoOn as reason:
        say(f"\nPréau: {reason}")
        return 1
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo")
    demo.add_argument("--port", type=_port, default=8000)
    demo.add_argument("--var", default="var")
    return parser


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
