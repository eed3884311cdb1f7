"""Measure all parts, or those that are named, and print one table.

Returns 1 if a figure misses its bar. ``docs/benchmarks.md`` is written after a run of all parts with enough pairs.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.bench import report
from tests.bench.figures import Figure, exit_code, markdown
from tests.bench.lab import ROOT, lab
from tests.bench.parts import PARTS

PAIRS = 30


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="measurements of each figure; fewer: for trying out")
    parser.add_argument("--before", type=Path, help="another checkout of Diskboard, to measure beside this one")
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"Unknown parts: {', '.join(sorted(unknown))}. The parts are {', '.join(PARTS)}.")
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as directory:
        before = given.before.resolve() if given.before else None
        with lab(Path(directory), max(1, given.pairs), before) as opened:
            for name in given.parts or PARTS:
                begun = time.monotonic()
                found += PARTS[name](opened)
                print(f"Measured {name} in {time.monotonic() - begun:.0f} s.", flush=True)
    print(f"\n{markdown(found)}")
    if not given.parts and not given.before and given.pairs >= PAIRS:
        report.write(ROOT / "docs" / "benchmarks.md", found, given.pairs)
    return exit_code(found)


if __name__ == "__main__":
    raise SystemExit(main())
