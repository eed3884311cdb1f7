"""``python -m tests.on_postgresql``: the unit tests, and contracts about input, on PostgreSQL instead of SQLite.

PostgreSQL refuses what SQLite takes: texts longer than their column, and the character NUL.
"""

import os
import subprocess
import sys

from tests.support.postgresql import postgresql

CONTRACTS = ("hostile_bodies", "hostile_input", "hostile_requests", "prefix", "settings", "sizes", "upgrade")
USUAL = ["-q", "-n", "3", "tests/unit", *(f"tests/contracts/test_{name}.py" for name in CONTRACTS)]


def main() -> int:
    """Run pytest with these arguments, or else the usual ones, and return its exit status."""
    with postgresql() as database:
        environment = {**os.environ, "DATABASE_URL": database.url()}
        command = [sys.executable, "-m", "pytest", *(sys.argv[1:] or USUAL)]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
