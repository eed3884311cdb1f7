"""The ways in which a resource in an answer of Cinder's may be spoilt, by name."""

from collections.abc import Callable

from tests.support.cloud_rows import Answer

SPOILT: dict[str, Callable[[Answer], Answer]] = {
    "nothing in it": lambda _: {},
    "nulls": dict.fromkeys,
    "numbers": lambda row: dict.fromkeys(row, 7),
    "words": lambda row: dict.fromkeys(row, "<moon>"),
    "lists": lambda row: {key: [None, 7, "x", {}] for key in row},
    "objects": lambda row: {key: {"a": None, "": [7]} for key in row},
    "an unknown status": lambda row: {**row, "status": "moonstruck"},
}
