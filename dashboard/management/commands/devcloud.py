"""``manage.py devcloud``: the embedded cloud in the foreground, for the ``openstack`` client and for development."""

import shlex
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboard.devcloud.child import ChildDied
from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.lock import DirectoryInUse
from dashboard.devcloud.sample import DEMO_PROJECT, DEMO_USER, fill
from dashboard.devcloud.signals import end_on_signals

POLL_SECONDS = 0.5


class Command(BaseCommand):
    """Runs until Ctrl-C."""

    help = "Run a local Keystone and Cinder to try Diskboard out with. Not a place to keep data."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it lives and listens."""
        default = settings.BASE_DIR / "var" / "devcloud"
        parser.add_argument("--directory", type=Path, default=default, help="where it keeps its state")
        parser.add_argument("--no-sample", action="store_true", help="leave the cloud empty")
        parser.add_argument("--keystone-port", type=int, default=0, help="0: any free port")
        parser.add_argument("--cinder-port", type=int, default=0, help="0: any free port")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Start, print how to sign in, wait."""
        end_on_signals()
        cloud = DevCloud(
            options["directory"],
            keystone_port=options["keystone_port"],
            cinder_port=options["cinder_port"],
        )
        try:
            cloud.start(self.stderr.write)
            if not options["no_sample"]:
                fill(cloud, self.stderr.write)
            self._print_sign_in(cloud, sample=not options["no_sample"])
            while True:
                cloud.check()
                time.sleep(POLL_SECONDS)
        except (ChildDied, DirectoryInUse, TimeoutError, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            cloud.stop()

    def _print_sign_in(self, cloud: DevCloud, *, sample: bool) -> None:
        values = cloud.environment()
        if sample:
            demo = {"OS_USERNAME": DEMO_USER, "OS_PASSWORD": DEMO_USER}
            values |= demo | {"OS_PROJECT_NAME": DEMO_PROJECT}
        for name, value in values.items():
            self.stdout.write(f"export {name}={shlex.quote(value)}")
        self.stdout.flush()
        self.stderr.write("For trying out and tests only. Ctrl-C ends it.")
