"""The tests that the documents mention exist, and the changelog keeps its format."""

import re
import tomllib
from pathlib import Path

from dashboard import __version__, cli

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEST_FILE = re.compile(r"`(?:tests/)?((?:unit|contracts|cloud|browser|nodes)/[\w/]*test_\w+\.py)`")
RELEASE = re.compile(r"## (?P<number>\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d")
KINDS_OF_CHANGE = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Upgrading")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A command in a line of its own, after settings, or in backquotes
DISKBOARD = re.compile(r"(?:^|`|\S=\S+ |/)diskboard ([a-z-]+)", re.MULTILINE)
TEST_FOLDER = re.compile(r"`tests/([\w/]+/)`")


def test_each_test_file_that_a_document_names_exists() -> None:
    named = [(document.name, path) for document in DOCUMENTS for path in TEST_FILE.findall(document.read_text())]
    assert len(named) > 20
    assert not [(document, path) for document, path in named if not (ROOT / "tests" / path).is_file()]


def test_each_test_folder_that_a_document_names_exists() -> None:
    named = [(document.name, path) for document in DOCUMENTS for path in TEST_FOLDER.findall(document.read_text())]
    assert named
    assert not [(document, path) for document, path in named if not (ROOT / "tests" / path).is_dir()]


def test_each_target_of_make_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for document in DOCUMENTS for target in re.findall(r"`make ([a-z-]+)", document.read_text())}
    assert not named - targets


def test_each_link_of_a_document_to_a_file_leads_there() -> None:
    links = [(page, link) for page in DOCUMENTS for link in LINK.findall(page.read_text())]
    files = [(page, link.partition("#")[0]) for page, link in links if not link.startswith(("http", "#", "mailto:"))]
    assert len(files) > 50
    assert not [(page.name, file) for page, file in files if not (page.parent / file).exists()]


def test_each_page_of_docs_is_in_its_index() -> None:
    linked = set(LINK.findall((ROOT / "docs" / "README.md").read_text()))
    assert not {page.name for page in (ROOT / "docs").glob("*.md")} - linked - {"README.md"}


def test_the_commands_of_diskboard_that_a_document_names_exist() -> None:
    named = {name for page in DOCUMENTS for name in DISKBOARD.findall(page.read_text())}
    assert named >= {"serve", "check", "migrate", "backup", "demo"}
    assert named <= {*cli.COMMANDS, "--version"}
    install = (ROOT / "docs" / "install.md").read_text()
    assert not [name for name in cli.COMMANDS if f"| `diskboard {name}" not in install]


def test_the_supported_versions_of_python_are_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = [one.rpartition(" ")[2] for one in project["classifiers"] if "Python :: 3." in one]
    assert project["requires-python"] == f">={versions[0]}"
    assert f"Python {versions[0]} to {versions[-1]}" in (ROOT / "README.md").read_text()
    assert f"Python {', '.join(versions[:-1])} or {versions[-1]}" in (ROOT / "docs" / "install.md").read_text()


def test_the_changelog_keeps_its_form() -> None:
    """As in Keep a Changelog: unreleased changes first, then each release with its date, newest first."""
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()
    [unreleased, *releases] = [line for line in lines if line.startswith("## ")]
    assert unreleased == "## Unreleased"
    found = [RELEASE.fullmatch(line) for line in releases]
    assert None not in found, releases
    numbers = [tuple(map(int, release["number"].split("."))) for release in found if release]
    assert numbers == sorted(numbers, reverse=True)
    assert {line for line in lines if line.startswith("### ")} <= {f"### {kind}" for kind in KINDS_OF_CHANGE}


def test_the_version_follows_the_newest_release() -> None:
    """Between two releases it is a development version of the next, so that no page claims to be the latest release."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    newest = next(RELEASE.finditer(changelog))["number"]
    something_new = bool(re.search(r"^## Unreleased\n+### ", changelog, re.MULTILINE))
    version, _dot, stage = __version__.partition(".dev")
    assert bool(stage) == something_new
    assert (version != newest) == something_new
