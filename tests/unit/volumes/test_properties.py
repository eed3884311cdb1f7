"""Properties as a user writes them."""

import pytest
from django.core.exceptions import ValidationError

from volumes import properties


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        (" \n\t\r\n", {}),
        ("a=1", {"a": "1"}),
        ("  a =  1  ", {"a": "1"}),
        ("a=", {"a": ""}),
        ("a=b=c==", {"a": "b=c=="}),
        ("b=2\r\n\r\na=1\n", {"b": "2", "a": "1"}),
        ("A=1\na=2", {"A": "1", "a": "2"}),
        ("a b:c._-9=x", {"a b:c._-9": "x"}),
        ("k=Диск 🦊", {"k": "Диск 🦊"}),
        (f"{'k' * 255}={'v' * 255}", {"k" * 255: "v" * 255}),
    ],
)
def test_it_reads_lines(text: str, found: dict[str, str]) -> None:
    assert properties.parse(text) == found


WRONG = [
    ("a", "the “=” between"),
    ("= 1", "the key before"),
    ("=", "the key before"),
    ("x=1\nx=1", "duplicate key “x”"),
    ("x=1\n x =2", "duplicate key “x”"),
    (f"{'k' * 256}=1", "at most 255"),
    (f"k={'v' * 256}", "at most 255"),
    ("a/b=1", "“/”"),
    ("ключ=1", "Latin letters"),
    ("a,b=1", "Latin letters"),
    ("a\tb=1", "Latin letters"),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_it_refuses_a_line_and_names_it(text: str, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        properties.parse(f"\nfirst=1\n{text}\nlast=1")
    number = 3 + text.count("\n")
    assert len(caught.value.messages) == 1
    assert caught.value.messages[0].startswith(f"Line {number}: ")
    assert told in caught.value.messages[0]


def test_it_names_each_line_that_is_wrong_but_not_hundreds() -> None:
    with pytest.raises(ValidationError) as caught:
        properties.parse("x\n" * 300)
    assert [one.partition(":")[0] for one in caught.value.messages] == [f"Line {number}" for number in range(1, 11)]


@pytest.mark.parametrize(
    "held", [{}, {"b": "2", "a": "1"}, {"a": ""}, {"a": "b=c"}, {"a b": "x y"}, {"k": "🦊"}], ids=str
)
def test_it_writes_what_it_reads(held: dict[str, str]) -> None:
    assert properties.can_be_written(held)
    assert properties.parse(properties.as_text(held)) == held


def test_it_writes_them_in_order() -> None:
    assert properties.as_text({"b": "2", "a": "1"}) == "a=1\nb=2"


@pytest.mark.parametrize(
    "held",
    [
        {"a": "x\ny"},
        {"a": "x\r"},
        {"a": " x"},
        {"a": "x\u2028"},
        {" a": "x"},
        {"a=b": "x"},
        {"": "x"},
        {"a/b": "x"},
        {"ключ": "x"},
        {"ok": "1", "a": "\x85"},
    ],
    ids=repr,
)
def test_it_knows_what_lines_cannot_hold(held: dict[str, str]) -> None:
    assert not properties.can_be_written(held)


def test_it_takes_what_is_typed_so_far() -> None:
    assert properties.typed_so_far("a=1\nunfinished\n=x\na/b=2\nc=") == {"a": "1", "a/b": "2", "c": ""}
