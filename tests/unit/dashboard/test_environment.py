"""Numbers and switches are read with a message that says what is expected."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard.environment import Environment


def test_what_is_unset_has_its_default() -> None:
    env = Environment()
    assert (env.whole("NO_SUCH", 7), env.whole("NO_SUCH", None), env.seconds("NO_SUCH", 2)) == (7, None, 2)
    assert env.switch("NO_SUCH", True) is True


@pytest.mark.parametrize(("given", "value"), [("8", 8), (" 08 ", 8), ("10", 10)])
def test_it_reads_whole_numbers(monkeypatch: pytest.MonkeyPatch, given: str, value: int) -> None:
    monkeypatch.setenv("N", given)
    assert Environment().whole("N", 1, at_most=10) == value


@pytest.mark.parametrize("given", ["", "abc", "1.5", "0", "11", "-1"])
def test_it_says_which_whole_numbers_it_expects(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("N", given)
    with pytest.raises(ImproperlyConfigured, match=f"^N={given}: expected a whole number from 1 to 10$"):
        Environment().whole("N", 1, at_most=10)


def test_a_number_may_have_no_upper_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N", "-1")
    with pytest.raises(ImproperlyConfigured, match=r"^N=-1: expected a whole number from 0 on$"):
        Environment().whole("N", None, at_least=0)


@pytest.mark.parametrize(("given", "value"), [("0.1", 0.1), ("3600", 3600), ("1e1", 10)])
def test_it_reads_seconds(monkeypatch: pytest.MonkeyPatch, given: str, value: float) -> None:
    monkeypatch.setenv("N", given)
    assert Environment().seconds("N", 1) == value


@pytest.mark.parametrize("given", ["", "soon", "0", "3601", "nan", "inf"])
def test_it_says_which_seconds_it_expects(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("N", given)
    with pytest.raises(ImproperlyConfigured, match=f"^N={given}: expected a number of seconds from 0.1 to 3600$"):
        Environment().seconds("N", 1)


@pytest.mark.parametrize(
    ("given", "value"), [("1", True), ("On", True), ("yes", True), ("0", False), ("off", False), ("FALSE", False)]
)
def test_it_reads_switches(monkeypatch: pytest.MonkeyPatch, given: str, value: bool) -> None:
    monkeypatch.setenv("N", given)
    assert Environment().switch("N", not value) is value


@pytest.mark.parametrize("given", ["", "2", "perhaps"])
def test_it_says_that_it_expects_a_switch(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("N", given)
    with pytest.raises(ImproperlyConfigured, match=f"^N={given}: expected 1 or 0, or on or off$"):
        Environment().switch("N", True)


def test_each_can_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "number").write_text("8\n")
    monkeypatch.setenv("N_FILE", str(tmp_path / "number"))
    assert Environment().whole("N", 1) == 8


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "no text"])
def test_it_names_a_file_that_it_cannot_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("N_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=f"^N_FILE={file}: expected a text file that can be read$"):
        Environment().str("N", "")


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_file_is_no_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str) -> None:
    """A secret that wasn't rendered must not turn into a key of each node's own."""
    (tmp_path / "key").write_text(content)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY_FILE=.*: expected a file that isn't empty$"):
        Environment().str("SECRET_KEY", "")


def test_the_file_comes_before_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of the file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SECRET_KEY", "of the variable")
    assert Environment().str("SECRET_KEY", "") == "of the file"
