"""The tests that the documents mention exist, and the changelog keeps its format."""

import re
from pathlib import Path

from dashboard import __version__

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEST_FILE = re.compile(r"`(?:tests/)?((?:unit|contracts|cloud|browser|nodes)/[\w/]*test_\w+\.py)`")
RELEASE = re.compile(r"## (?P<number>\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d")
KINDS_OF_CHANGE = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Upgrading")
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
