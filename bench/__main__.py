"""Prints what the desk costs, as ratios to floors of the same run.

    python -m bench [--sizes 1000,100000] [--databases sqlite,postgresql]
                    [--parts desk,sweep,documents] [--json FILE]

Ends with 0 if it ran, whether or not aims are met.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.aims import Figure, table
from bench.database import POSTGRESQL, SQLITE
from bench.documents import documents
from bench.run import Wanted, run
from bench.sweep import sweeps
from bench.worksheets import worksheets

PARTS = DESK, SWEEP, WORKSHEETS, DOCUMENTS = "desk", "sweep", "worksheets", "documents"


def main() -> int:
    told = _arguments()
    wanted = Wanted(told.sizes, told.databases, told.rounds, told.requests)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        place.chmod(0o755)  # PostgreSQL may have to run as somebody else
        figures = run(wanted, place) if DESK in told.parts else []
        if SWEEP in told.parts:
            figures += sweeps(told.databases, told.licenses, place)
    if WORKSHEETS in told.parts:
        figures += worksheets(told.rounds)
    if DOCUMENTS in told.parts:
        figures += documents()
    print(f"\n{table(figures)}\n\n{_in_short(figures)}")
    if told.json:
        told.json.write_text(json.dumps([figure.as_json() for figure in figures], indent=1) + "\n")
    return 0


def _in_short(figures: list[Figure]) -> str:
    judged = [figure for figure in figures if figure.met is not None]
    return f"{sum(bool(figure.met) for figure in judged)} of {len(judged)} aims are met."


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=_numbers, default=[1000, 100_000])
    parser.add_argument("--databases", type=_databases, default=[SQLITE, POSTGRESQL])
    parser.add_argument("--parts", type=_parts, default=[*PARTS])
    parser.add_argument("--licenses", type=_numbers, default=[2500, 5000, 10_000])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--requests", type=int, default=40, help="of each kind, each round")
    parser.add_argument("--json", type=Path, help="a file to keep the figures in")
    return parser.parse_args()


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _numbers(text: str) -> list[int]:
    return sorted(int(word) for word in _words(text))


def _databases(text: str) -> list[str]:
    return _chosen(text, SQLITE, POSTGRESQL)


def _parts(text: str) -> list[str]:
    return _chosen(text, *PARTS)


def _chosen(text: str, *there: str) -> list[str]:
    words = _words(text)
    if not words or set(words) - set(there):
        raise argparse.ArgumentTypeError(f"choose of {' and '.join(there)}")
    return words


if __name__ == "__main__":
    sys.exit(main())
