"""What the documents say of the tests is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEST_FILE = re.compile(r"`(?:tests/)?((?:unit|contracts|cloud|browser)/[\w/]*test_\w+\.py)`")
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
