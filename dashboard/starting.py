"""What the commands that start a web server share: the checks before it, and the addresses on which it listens."""

import os
import socket
from pathlib import Path
from typing import Any

from django.core.checks import WARNING, CheckMessage, run_checks
from django.core.management.base import BaseCommand, CommandError

# The web server logs the warnings of these checks itself, once and in the format of the log.
OWN_CHECKS = "diskboard."
# Linux's limit without the byte that ends the path
SOCKET_PATH_BYTES = 107
CONNECT_SECONDS = 2.0


class StartingCommand(BaseCommand):
    """A command that Django's system checks precede; each warning and each error is one line."""

    requires_system_checks = "__all__"

    def check(self, *_arguments: Any, **_options: Any) -> None:
        """Print the warnings, which stop nothing.

        Raises:
            CommandError: at least one check found an error.
        """
        messages = [message for message in run_checks() if not message.is_silenced()]
        for message in messages:
            if message.level >= WARNING and not message.is_serious() and not str(message.id).startswith(OWN_CHECKS):
                self.stderr.write(_in_a_line(message))
        errors = [_in_a_line(message) for message in messages if message.is_serious()]
        if errors:
            raise CommandError("\n".join(errors))


def _in_a_line(message: CheckMessage) -> str:
    return " ".join(f"{message.msg} {message.hint or ''} ({message.id})".split())


def open_socket(host: str, port: int, setting: str) -> socket.socket:
    """Return a listening socket.

    Raises:
        CommandError: the address is in use, or none of this machine; the message names the setting.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # With SO_REUSEADDR Linux lets two sockets bind the port, but only one listen.
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise CommandError(
            f"Can't listen on {host} port {port}: {error}. "
            f"Choose another address with {setting}=…, or stop the program that uses this one."
        ) from error
    return listening


def check_unix_socket(value: str) -> None:
    """Check that a socket can be created at the path; one that a killed process has left there is removed.

    Raises:
        CommandError: its directory doesn't exist, another file is there, a program listens there, or the system refuses
            the path.
    """
    path = Path(value).absolute()
    if not path.parent.is_dir() or (path.exists() and not path.is_socket()):
        raise CommandError(f"UNIX_SOCKET={value}: expected a path for a socket, in a directory that exists")
    length = len(os.fsencode(value))
    if length > SOCKET_PATH_BYTES:
        raise CommandError(
            f"UNIX_SOCKET={value}: expected a path of at most {SOCKET_PATH_BYTES} bytes, Linux's limit; it has {length}"
        )
    try:
        if path.exists() and _is_used(value):
            raise CommandError(
                f"UNIX_SOCKET={value} is already in use. Choose another path, or stop the program that listens there."
            )
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as trial:
            trial.bind(value)
        path.unlink()
    except OSError as error:
        raise CommandError(f"Can't listen on UNIX_SOCKET={value}: {error.strerror or error}.") from error


def _is_used(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        # A program that is too busy to accept makes others wait.
        client.settimeout(CONNECT_SECONDS)
        try:
            client.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except (TimeoutError, BlockingIOError):
            return True
    return True
