"""The static files of a production install: one script, hashed and compressed."""

import gzip
import json
from pathlib import Path

import pytest
from django.conf import settings as ours
from django.templatetags.static import static
from django.test import Client
from pytest_django.fixtures import Settings

from dashboard.web.static_files import JOINED, SCRIPTS, StaticFilesStorage
from dashboard.web.templatetags.formats import own_scripts
from tests.support.built import STORAGE, collect, hashed
from tests.support.html import Page

SOURCES = ours.BASE_DIR / "static"


@pytest.fixture
def production(settings: Settings, built: Path) -> None:
    """Serve the collected files."""
    settings.STATIC_ROOT = built
    settings.STORAGES = {**settings.STORAGES, "staticfiles": STORAGE}


def test_the_joined_file_holds_each_script() -> None:
    assert sorted(SCRIPTS) == sorted(str(path.relative_to(SOURCES)) for path in (SOURCES / "js").glob("*.js"))


def test_each_script_has_a_scope_of_its_own(built: Path) -> None:
    """Two scripts may use one name for different things, as they do as modules."""
    scripts = [(SOURCES / name).read_text() for name in SCRIPTS]
    assert (built / JOINED).read_text() == "".join(f"{{\n{script}\n}}\n" for script in scripts)


def test_no_script_needs_another_one() -> None:
    """A block can neither import nor export."""
    lines = [line for name in SCRIPTS for line in (SOURCES / name).read_text().splitlines()]
    assert not [line for line in lines if line.startswith(("import ", "import{", "export "))]


def test_it_is_served_under_a_name_that_changes_with_it(built: Path) -> None:
    served = hashed(built, JOINED)
    assert served.name.startswith("diskboard.")
    assert served.name != "diskboard.js"
    assert served.read_bytes() == (built / JOINED).read_bytes()
    assert gzip.decompress(served.with_name(f"{served.name}.gz").read_bytes()) == served.read_bytes()


def test_it_is_joined_anew_each_time(tmp_path: Path) -> None:
    collect(tmp_path)
    before = (tmp_path / JOINED).read_bytes(), hashed(tmp_path, JOINED)
    (tmp_path / JOINED).write_text("of an older version")
    collect(tmp_path)
    assert ((tmp_path / JOINED).read_bytes(), hashed(tmp_path, JOINED)) == before
    assert [path.name for path in (tmp_path / "js").glob("diskboard*.js")].count("diskboard.js") == 1


def test_trying_out_writes_nothing(tmp_path: Path) -> None:
    assert list(StaticFilesStorage(location=tmp_path).post_process({}, dry_run=True)) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("production", "db", "cloud")
def test_a_page_loads_one_script_of_diskboards(client: Client, built: Path) -> None:
    sources = [script["src"] for script in Page(client.get("/sign-in/")).select("script")]
    names = [source.removeprefix("/static/") for source in sources]
    assert hashed(built, JOINED).relative_to(built).as_posix() in names
    assert len(names) == 2  # the other one is htmx
    assert [name for name in names if not (built / name).is_file()] == []


@pytest.mark.usefixtures("production")
def test_production_loads_one_script(built: Path) -> None:
    assert own_scripts() == [f"/static/{hashed(built, JOINED).relative_to(built).as_posix()}"]


@pytest.mark.usefixtures("production")
def test_the_icons_are_hashed_too(built: Path) -> None:
    assert static("icons.svg") == f"/static/{hashed(built, 'icons.svg').name}"


def test_development_loads_each_script_by_itself() -> None:
    """Nothing joins them there, so that a change of one shows after a reload."""
    assert own_scripts() == [f"/static/{name}" for name in SCRIPTS]


def test_the_manifest_names_every_source(built: Path) -> None:
    paths = json.loads((built / "staticfiles.json").read_text())["paths"]
    missing = [path for path in SOURCES.rglob("*") if path.is_file() and str(path.relative_to(SOURCES)) not in paths]
    assert missing == []
