"""What all parts need: the embedded cloud with its filled projects, and Diskboards in front of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from dashboard.devcloud.administrator import Administrator
from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.parameters import REGION
from tests.bench.fill import Filled, fill
from tests.bench.in_process import InProcess, in_process
from tests.bench.serving import Browser, Server, serving
from tests.bench.upstream import Needed, Upstream

ROOT = Path(__file__).parents[2]
MANY = 1_000
VERY_MANY = 10_000
PAGE_SIZES = (20, 100)


@dataclass(eq=False)
class Site:
    """The Diskboard of one checkout: as ``make run`` starts it, and as a process that measures itself."""

    label: str
    tree: Path
    var: Path
    upstream: Upstream
    auth_url: str
    stack: ExitStack

    @cached_property
    def server(self) -> Server:
        """The web server, directly in front of the cloud."""
        return self.stack.enter_context(serving(self.tree, self.var / "server", self.auth_url))

    @cached_property
    def behind(self) -> Server:
        """The web server with the proxy between it and the cloud."""
        return self.stack.enter_context(serving(self.tree, self.var / "behind", self.upstream.auth_url))

    @cached_property
    def inside(self) -> InProcess:
        """The process that measures itself, with the proxy between it and the cloud."""
        return self.stack.enter_context(in_process(self.tree, self.var / "inside", self.upstream.auth_url))

    def browser(self, filled: Filled) -> Browser:
        """A new browser, signed in to a project."""
        return Browser.signed_in(self.server.url, filled.project)

    def browser_behind(self, filled: Filled) -> Browser:
        """The same at the web server with the proxy."""
        return Browser.signed_in(self.behind.url, filled.project)

    def needs(self, filled: Filled, path: str) -> Needed:
        """The requests to Cinder that a page needs."""
        self.inside.sign_in(filled.project)
        # What is read once an hour only is read by the first visit.
        self.inside.visit(path)
        return self.upstream.sent_by(lambda: self.inside.visit(path))


@dataclass(eq=False)
class Lab:
    """The embedded cloud, and the sites to measure: this checkout, and on request another one beside it."""

    cloud: DevCloud
    upstream: Upstream
    var: Path
    pairs: int
    stack: ExitStack
    before: Path | None = None
    administrator: Administrator = field(init=False)

    def __post_init__(self) -> None:
        self.administrator = Administrator(self.cloud.environment())
        self.administrator.ensure_disk_types()

    @cached_property
    def own(self) -> Site:
        """The Diskboard of this checkout."""
        return self._site("", ROOT)

    @cached_property
    def sites(self) -> list[Site]:
        """All Diskboards to measure; the bars are for the first one."""
        return [self.own, *([self._site("before: ", self.before)] if self.before else [])]

    @cached_property
    def many(self) -> Filled:
        """The project with 1,000 disks and 1,000 snapshots."""
        return self.filled(MANY, MANY)

    @cache  # noqa: B019  # lives as long as the run
    def filled(self, disks: int, snapshots: int = 0) -> Filled:
        """The project with this number of disks and snapshots."""
        return fill(self.cloud, self.administrator, disks, snapshots)

    def _site(self, label: str, tree: Path) -> Site:
        return Site(
            label, tree, self.var / (label.strip(": ") or "own"), self.upstream, self.cloud.auth_url, self.stack
        )


@contextmanager
def lab(var: Path, pairs: int, before: Path | None) -> Iterator[Lab]:
    """Start the embedded cloud; everything ends with the block."""
    with ExitStack() as stack:
        cloud = DevCloud(var / "cloud")
        stack.callback(cloud.stop)
        cloud.start(print)
        administrator = Administrator(cloud.environment())
        cinder_url = administrator.session.get_endpoint(service_type="volumev3", region_name=REGION)
        upstream = stack.enter_context(Upstream(cloud.auth_url, str(cinder_url)))
        yield Lab(cloud, upstream, var, pairs, stack, before)
