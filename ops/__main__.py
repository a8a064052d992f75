"""Entry of every command: `python -m ops demo`, `test`, `check`…"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ops import bench, checks, demo, testing
from ops.bootstrap import ROOT
from ops.console import CannotGoOn, say


def main(words: list[str]) -> int:
    options = _parser().parse_args(words)
    os.environ |= _bytecode()
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
            return bench.run(_bench_folder(options.var), _country(options), options.only)
        case "bench-server":
            return bench.run(_bench_folder(options.var), _country(options), [], serve=True)
    return {"check": checks.check, "fix": checks.fix, "lock": checks.lock}[options.command]()


def _bytecode() -> dict[str, str]:
    """Keep what Python compiled, whatever the machine does: a process starts in half the time."""
    kept = os.environ.get("PYTHONPYCACHEPREFIX") or str(ROOT / "var" / "pycache")
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": kept}


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _bench_folder(text: str) -> Path | None:
    return _folder(text) if text else None


def _country(options: argparse.Namespace) -> bench.Wanted | bench.WantedProjects:
    if options.only and all(word.startswith(bench.OF_PROJECTS) for word in options.only):
        return bench.WantedProjects(options.projects, options.seed)
    return bench.Wanted(
        spaces=options.spaces,
        bookings_per_space=options.bookings,
        past=options.past,
        per_place=options.per_place,
        seed=options.seed,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "fix", "lock"):
        commands.add_parser(name)
    for name in ("test", "test-pg15"):
        commands.add_parser(name).add_argument("words", nargs="*")
    for name in ("bench", "bench-server"):
        _add_country(commands.add_parser(name))
    start = commands.add_parser("demo")
    start.add_argument("--port", type=_port, default=8000)
    start.add_argument("--var", default="var")
    return parser


def _add_country(parser: argparse.ArgumentParser) -> None:
    usual = bench.Wanted()
    parser.add_argument("--var", default="")
    parser.add_argument("--spaces", type=int, default=usual.spaces)
    parser.add_argument("--bookings", type=int, default=usual.bookings_per_space)
    parser.add_argument("--past", type=int, default=usual.past)
    parser.add_argument("--per-place", type=int, default=usual.per_place)
    parser.add_argument("--projects", type=int, default=bench.WantedProjects().projects)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("only", nargs="*")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
