"""LOG_FORMAT=json writes each record as one line of JSON, with the ID of its request."""

import json
import logging
import sys

from dashboard.cloud import deadline
from dashboard.logs import JsonFormatter, with_request_id


def record(message: str, *arguments: object, exc_info: object = None) -> logging.LogRecord:
    return logging.LogRecord("volumes.lists", logging.WARNING, "x.py", 1, message, arguments, exc_info)  # type: ignore[arg-type]


def test_a_line_is_json_with_the_id_of_its_request() -> None:
    with deadline.one_request() as current:
        line = JsonFormatter().format(record("the disk %s\n\x1b[2J", "“web”"))
    assert "\n" not in line
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "WARNING",
        "logger": "volumes.lists",
        "message": "the disk “web”\n\x1b[2J",
        "request_id": current.request_id,
    }


def test_a_traceback_is_in_the_same_line() -> None:
    try:
        raise ValueError("nonsense")  # noqa: TRY301  # caught for its traceback
    except ValueError:
        line = JsonFormatter().format(record("a fault", exc_info=sys.exc_info()))
    said = json.loads(line)
    assert said["traceback"].endswith("ValueError: nonsense")
    assert "request_id" not in said


def test_a_line_of_text_has_the_id_too() -> None:
    inside, outside = record("a"), record("b")
    with deadline.one_request() as current:
        assert with_request_id(inside)
    assert with_request_id(outside)
    assert [getattr(one, "request_id", None) for one in (inside, outside)] == [current.request_id, "-"]
