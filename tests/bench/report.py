"""``docs/benchmarks.md``: the table, the machine, and what the figures mean."""

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from dashboard import __version__
from tests.bench.figures import Figure, markdown

PACKAGES = ("django", "gunicorn", "cinder", "keystone")
TEXT = """\
# Benchmarks

`make bench` wrote this file; it fails if a figure exceeds its bar.

{when}, {machine}. {versions}.

Median and middle half (from the first to the third quartile) of {pairs} pairs of measurements: of more for processor
time, and of fewer for pages a second and starts. Counts and sizes are exact.

{table}

## How it is measured

Everything runs on one machine: the embedded cloud (a real Keystone and a real Cinder on SQLite), Diskboard, and the
client that measures. A project has 1,000 disks of mixed statuses, types, names and attachments, and 1,000 snapshots,
150 of them of one disk; another one has 10,000 disks. They are written into Cinder's database, and read through its
API.

The speed of a machine changes from minute to minute, so a time is a ratio to something else that is measured in turn
with it: first one, then the other, again and again. The ratio is taken for each pair. What was measured in milliseconds
is in the last column, where it can be compared within a line only.

- **Page ÷ Cinder**: a page from two gunicorn workers, as `make run` starts them, over the requests to Cinder that
  Diskboard sends for this page. These are recorded and then sent again by plain `requests`, with the same headers, on
  kept-alive connections: at the same time if the page sends them at the same time, as those for a disk's snapshots.
  Both clients read the whole answer. 1 would mean that Diskboard costs nothing.
- **Own CPU ÷ bare view**: the processor time of Diskboard's process for one whole request, from WSGI to the last byte,
  compressed. Cinder's answers, recorded before, come from the memory of another process at once. The bare view is an
  empty one at an address of the same project, behind the same middleware and with the same session. Each request is
  measured right after an equal one. A timer looks every millisecond where the process is, and so divides the time into
  session (reading and decrypting it), middleware (with compression), client (requests to Cinder and their JSON), values
  (Cinder's rows as Diskboard's values), and what makes markup and its texts. Of that, "rows" is what grows with the
  number of rows, and "frame" is the rest. Where a page sends two requests at once, values count as client.
- **Pages ÷ Cinder's answers a second**: eight connections, one request after the other on each.
- **HTML of a row**: the growth of the page from 20 to 100 rows in the default columns, divided by 80. **Gzipped** is
  the body as it is sent. 1 kB is 1,000 bytes, 1 KiB 1,024.
- **First visit**: all that Chromium requests with an empty cache until the network is idle, with headers.
- **Opening a context menu**: from the click until the next frame is drawn, row after row.
- **(Page ÷ Cinder) of 10,000 over 100**: whether a page of a large project costs Diskboard more than one of a small
  project.
- **Search**: a stock Cinder can't search in names, so Diskboard reads the whole list, 1,000 disks with each request.
- **Deleting**: opening the preview of 50 snapshots, confirming it, and following the page's requests as its script
  does, until Cinder has none left; over a plain client that deletes the same number with four threads, and waits in the
  same way.
- **Poll**: what a page with 100 rows requests while rows change.
- **Signing in**: from sending the form to the answer, over Keystone's answer to the same password.
- **Worker**: it starts when its database and static files are there. The memory is the resident set, idle after the
  first sign-in pages. The requests visit the pages of 20 rows on eight connections; Cinder's answers come from memory.
"""


def write(path: Path, figures: Iterable[Figure], pairs: int) -> None:
    """Write the file."""
    versions = [f"Diskboard {__version__}", f"Python {platform.python_version()}"]
    versions += [f"{package.capitalize()} {version(package)}" for package in PACKAGES]
    text = TEXT.format(
        when=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=machine(),
        versions=", ".join(versions),
        pairs=pairs,
        table=markdown(figures),
    )
    path.write_text(text)


def machine() -> str:
    """Return the number of cores, their model, and the memory."""
    lines = [line.partition(":") for line in Path("/proc/cpuinfo").read_text().splitlines()]
    model = next((value.strip() for name, _, value in lines if name.strip() == "model name"), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB of memory"
