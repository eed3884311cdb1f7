"""What the launcher tells the two servers on their command line."""

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
    """Where a server keeps its state, the socket it inherits and how others recognise it."""

    directory: str
    socket: int
    marker: str
    keystone_url: str
    cinder_url: str

    def as_argument(self) -> str:
        """Return the values as one word of a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_command_line(cls) -> Self:
        """Read the values of this process; takes them off ``sys.argv``, which the servers parse too."""
        values = json.loads(sys.argv.pop(1))
        return cls(**values)

    @property
    def path(self) -> Path:
        """The cloud's directory."""
        return Path(self.directory)

    @property
    def admin_password(self) -> str:
        """The administrator's password, as the launcher chose it."""
        return password_file(self.path).read_text().strip()


def password_file(directory: Path) -> Path:
    """Where a cloud keeps its administrator's password."""
    return directory / "admin-password"
