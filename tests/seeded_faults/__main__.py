"""Break one promise at a time in a scratch copy of the project, and check whether the tests notice it.

``make seeded-faults`` runs all faults; ``python -m tests.seeded_faults NAME …`` runs some. A fault is a file in
``faults/``: its old text must occur in its file exactly once, so that a fault whose code has moved fails loudly. A
fault counts as caught only if the test that fails with it passes without it.
"""

import argparse
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).parent / "faults"
# The arguments for pytest. A fault that survives a ring goes on to the next one.
RINGS = (
    "tests/unit",
    "tests/contracts",
    "tests/browser/states",
    "tests/cloud tests/browser/journeys",
    "tests --profile=full -m 'full or sized'",
)
CHECK = "tests/contracts/test_seeded_faults.py"
# With parallel tests, pytest calls a run that ends at its first failure interrupted.
PASSED, TESTS_FAILED, INTERRUPTED = 0, 1, 2


@dataclass(frozen=True)
class Fault:
    """A replacement in one file, and the promise that it breaks."""

    name: str
    promise: str
    by: str
    file: str
    old: str
    new: str

    def seed(self, root: Path) -> None:
        """Break the promise in the tree at `root`; raise ValueError unless the text occurs there exactly once."""
        path = root / self.file
        text = path.read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: its text stands {text.count(self.old)} times in {self.file}, not once.")
        path.write_text(text.replace(self.old, self.new))


def faults(names: Sequence[str] = ()) -> list[Fault]:
    """The faults with these names, or all of them."""
    paths = sorted(FAULTS.glob("*.toml"))
    unknown = set(names) - {path.stem for path in paths}
    if unknown:
        raise ValueError(f"There is no fault named {', '.join(sorted(unknown))}.")
    return [Fault(path.stem, **tomllib.loads(path.read_text())) for path in paths if not names or path.stem in names]


@contextmanager
def scratch_copy(tree: Path) -> Iterator[Path]:
    """A copy of the files in a checkout that git tracks or doesn't ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=tree,
        capture_output=True,
        check=True,
        text=True,
    )
    with tempfile.TemporaryDirectory() as directory:
        for name in filter(None, listed.stdout.split("\0")):
            if (tree / name).is_file():
                (Path(directory) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(tree / name, Path(directory) / name)
        yield Path(directory)


def run(root: Path, *arguments: str) -> tuple[int, str]:
    """Run some tests until the first failure; return pytest's exit code and output."""
    # This contract notices every fault: the text that a fault replaces is gone.
    command = [sys.executable, "-m", "pytest", "-x", "-q", f"--ignore={CHECK}", *arguments]
    done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def verdict(fault: Fault, tree: Path, rings: Sequence[str], workers: str) -> tuple[str, str]:
    """The ring that notices the fault and its first failure, or empty strings if the fault survives."""
    with scratch_copy(tree) as root:
        pristine = (root / fault.file).read_text()
        fault.seed(root)
        for ring in rings:
            code, printed = run(root, "-n", workers, *shlex.split(ring))
            failed = [line for line in printed.splitlines() if line.startswith(("FAILED tests", "ERROR tests"))]
            if code in (TESTS_FAILED, INTERRUPTED) and failed:
                (root / fault.file).write_text(pristine)
                _passes_without_the_fault(root, fault, ring)
                return ring, failed[0]
            if code != PASSED:
                raise RuntimeError(f"{fault.name}: pytest ended with {code}:\n{printed[-3000:]}")
    return "", ""


def _passes_without_the_fault(root: Path, fault: Fault, ring: str) -> None:
    code, printed = run(root, "--last-failed", "-n", "0", *shlex.split(ring))
    if code != PASSED:
        raise RuntimeError(f"{fault.name}: what failed fails without it too:\n{printed[-3000:]}")


def main() -> int:
    """Print a line for each fault; the exit code is the number of faults that survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.seeded_faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="the faults to seed; all without")
    parser.add_argument("--check", action="store_true", help="only see whether each fault still applies")
    parser.add_argument("--tree", type=Path, default=ROOT, help="another checkout, whose tests to judge")
    parser.add_argument("--ring", action="append", help="what pytest gets; one option a ring, instead of ours")
    parser.add_argument("--workers", default="2", help="how many tests run beside each other")
    chosen = parser.parse_args()
    rings = chosen.ring or RINGS
    survived = 0
    for fault in faults(chosen.names):
        if chosen.check:
            with scratch_copy(chosen.tree) as root:
                fault.seed(root)
            continue
        started = time.monotonic()
        ring, failed = verdict(fault, chosen.tree, rings, chosen.workers)
        survived += not ring
        seconds = time.monotonic() - started
        print(f"{'caught' if ring else 'SURVIVED'}\t{fault.name}\t{ring}\t{seconds:.0f} s\t{failed}", flush=True)
    return survived


if __name__ == "__main__":
    sys.exit(main())
