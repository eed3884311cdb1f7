"""The parameters that the launcher passes to the two servers on the command line."""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

REGION = "RegionOne"
ADMIN = "admin"
MARKER_HEADER = "X-Devcloud-Marker"


@dataclass(frozen=True, slots=True)
class Parameters:
    """A server's directory, the descriptor of its inherited socket, its marker, and both servers' URLs."""

    directory: str
    socket: int
    marker: str
    keystone_url: str
    cinder_url: str

    def as_argument(self) -> str:
        """Return the values as one command-line argument, in JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_command_line(cls) -> Self:
        """Read this process's values; remove them from ``sys.argv``, which the servers parse too."""
        values = json.loads(sys.argv.pop(1))
        return cls(**values)

    @property
    def path(self) -> Path:
        """The cloud's directory as a Path."""
        return Path(self.directory)

    @property
    def admin_password(self) -> str:
        """The administrator's password, which the launcher generated."""
        return password_file(self.path).read_text().strip()


def password_file(directory: Path) -> Path:
    """Return the file with the administrator's password."""
    return directory / "admin-password"
