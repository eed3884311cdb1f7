"""``manage.py devcloud``: run the embedded cloud in the foreground, for the ``openstack`` client and development."""

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
    """Run the embedded cloud until it is interrupted."""

    help = "Run a local Keystone and Cinder for trying Diskboard out. Not meant for keeping data."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the directory, the ports and the switch for the sample."""
        default = settings.BASE_DIR / "var" / "devcloud"
        parser.add_argument("--directory", type=Path, default=default, help="directory for the cloud's state")
        parser.add_argument("--no-sample", action="store_true", help="don't create the sample")
        parser.add_argument("--keystone-port", type=int, default=0, help="0 means any free port")
        parser.add_argument("--cinder-port", type=int, default=0, help="0 means any free port")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Start the cloud, print the credentials, and wait."""
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
        self.stderr.write("For trying out and tests only. Press Ctrl-C to stop.")
