"""Every failure of the cloud becomes an error of Diskboard's, with the cloud's words and request id."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from dashboard.cloud import errors
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import REQUEST_ID, an_id, fault, volume
from tests.support.fake_cloud import FAULT_HEADERS, JSON, FakeCloud
from tests.support.wrong_answers import (
    ELSEWHERE,
    EVERYTHING,
    SIGN_IN_AGAIN,
    WRONG,
    Wrong,
    watch_elsewhere,
)
from volumes.cinder import client, disks, versions

PATH = f"/volumes/{an_id(1)}"
ACTION = f"{PATH}/action"
KINDS: dict[str, type[errors.CloudError]] = {
    "400": errors.Refused,
    "401": errors.SignInRequired,
    "403": errors.NotAllowed,
    "404": errors.NotFound,
    "406": errors.Refused,
    "409": errors.Conflict,
    "413": errors.OverQuota,
    "429": errors.RateLimited,
}
EVERY_WRONG = pytest.mark.parametrize("wrong", [SIGN_IN_AGAIN, *WRONG], ids=str)

Ask = Callable[[Cloud], object]
# All kinds of changes, by their request
WRITES: dict[str, Ask] = {
    f"POST {PATH}": lambda here: client.post(here, PATH, {"volume": {}}),
    f"PUT {PATH}": lambda here: client.put(here, PATH, {"volume": {}}),
    f"POST {ACTION}": lambda here: client.act(here, ACTION, {}),
    f"DELETE {PATH}": lambda here: client.delete(here, PATH),
}
# Answers that no Cinder gives
NONSENSE: dict[str, dict[str, Any]] = {
    "an empty page": {"text": ""},
    "a list": {"json": []},
    "a word": {"json": "x"},
    "nothing": {"json": None},
    "204": {"status_code": 204},
    "301 with a body": {"status_code": 301, "json": {"volume": volume(1)}},
}


def failure(ask: Ask, here: Cloud) -> errors.CloudError:
    with pytest.raises(errors.CloudError) as caught:
        ask(here)
    return caught.value


def read(here: Cloud) -> object:
    return client.get(here, PATH)


@pytest.fixture
def known(cloud: FakeCloud, here: Cloud) -> Cloud:
    """A cloud whose version is known already, so that only the requests of the test count."""
    versions.version(here)
    cloud.forget()
    return here


@EVERY_WRONG
def test_it_translates_every_wrong_answer_to_a_read(cloud: FakeCloud, known: Cloud, wrong: Wrong) -> None:
    cloud.http.get(EVERYTHING, **wrong.http)
    watch_elsewhere(cloud)
    error = failure(read, known)
    assert type(error) is KINDS.get(wrong.name, errors.Broken)
    assert error.status == wrong.status
    assert str(error.message).startswith(wrong.says)
    assert (error.reason, error.request_id) == (wrong.reason, REQUEST_ID)
    assert getattr(error, "retry_after", None) == (7 if wrong.name == "429" else None)
    assert cloud.asked() == [f"GET {PATH}"]
    assert cloud.requests(ELSEWHERE) == []


@EVERY_WRONG
@pytest.mark.parametrize("request_", WRITES)
def test_it_translates_every_wrong_answer_to_a_write(
    cloud: FakeCloud, known: Cloud, request_: str, wrong: Wrong
) -> None:
    """The write was definitely not made; or the outcome is unknown, if Cinder behind a gateway may have made it."""
    cloud.http.register_uri(request_.split(" ", maxsplit=1)[0], EVERYTHING, **wrong.http)
    watch_elsewhere(cloud)
    error = failure(WRITES[request_], known)
    refusals = {**KINDS, "404": errors.LacksSomething}
    assert type(error) is (errors.OutcomeUnknown if wrong.unknown else refusals[wrong.name])
    assert error.status == (504 if wrong.unknown else wrong.status)
    assert wrong.told_of_write in str(error.message)
    assert (error.reason, error.request_id) == (wrong.reason, REQUEST_ID)
    assert getattr(error, "retry_after", None) == (7 if wrong.name == "429" else None)
    assert cloud.asked() == [request_]
    assert cloud.requests(ELSEWHERE) == []


@pytest.mark.parametrize("code", [400, 403, 404, 405, 408, 409, 413, 429, 451, 500, 503, 301, 200])
def test_only_cinders_own_words_refuse_a_change(cloud: FakeCloud, known: Cloud, code: int) -> None:
    """A gateway may answer so after Cinder has made the change."""
    for body in (
        "<html><h1>No.</h1></html>",
        '{"message": "No."}',
        '{"fault": {"message": "No."}}',
        '{"error": "No."}',
        f'{{"error": {{"code": {code}, "message": "No.", "title": "No"}}}}',
        f'{{"error": {{"code": {code}, "message": "No.", "status": "UNAVAILABLE"}}}}',
    ):
        for request_, change in WRITES.items():
            cloud.http.register_uri(request_.split(" ")[0], EVERYTHING, status_code=code, text=body, headers=JSON)
            assert type(failure(change, known)) is errors.OutcomeUnknown, f"{request_} {code} {body}"


@pytest.mark.parametrize("request_", [f"GET {PATH}", f"POST {PATH}"])
def test_the_limit_of_requests_is_no_quota(cloud: FakeCloud, known: Cloud, request_: str) -> None:
    body = fault("overLimitFault", 413, "This request was rate-limited.")
    headers = {**FAULT_HEADERS, "Retry-After": "7"}
    method, path = request_.split(" ")
    cloud.http.register_uri(method, cloud.at(path), status_code=413, json=body, headers=headers)
    error = failure({**WRITES, f"GET {PATH}": read}[request_], known)
    assert type(error) is errors.RateLimited
    assert error.retry_after == 7


def test_the_quota_is_cinders_413(cloud: FakeCloud, known: Cloud) -> None:
    body = fault("overLimit", 413, "SnapshotLimitExceeded")
    cloud.http.post(cloud.at(PATH), status_code=413, json=body, headers=FAULT_HEADERS)
    assert type(failure(WRITES[f"POST {PATH}"], known)) is errors.OverQuota


@pytest.mark.parametrize(
    "body",
    [
        "<html><h1>404 page not found</h1></html>",
        "404 page not found",
        '{"message": "no Route matched with those values"}',
        '{"error": {"code": 404, "message": "Not found"}}',
        '{"itemNotFound": "Volume 1"}',
        '{"itemNotFound": {"code": 404, "message": "x"}, "more": 1}',
    ],
)
def test_nothing_is_gone_because_a_gateway_says_so(cloud: FakeCloud, known: Cloud, body: str) -> None:
    cloud.http.get(cloud.at(PATH), status_code=404, text=body, headers=JSON)
    assert type(failure(read, known)) is errors.Broken
    assert type(failure(lambda here: disks.find_or_none(here, an_id(1)), known)) is errors.Broken


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize("status", [200, 202, 300, 400, 404, 500])
def test_it_survives_json_that_is_nested_too_deeply(cloud: FakeCloud, known: Cloud, status: int) -> None:
    for request_, change in WRITES.items():
        method = request_.split(" ")[0]
        cloud.http.register_uri(method, EVERYTHING, status_code=status, text=DEEP, headers=JSON)
        if status != 202 or (method in {"POST", "PUT"} and "action" not in request_):
            assert type(failure(change, known)) is errors.OutcomeUnknown, request_
    cloud.http.get(EVERYTHING, status_code=status, text=DEEP, headers=JSON)
    assert isinstance(failure(read, known), errors.Broken | errors.Refused)


def test_it_replaces_what_no_page_can_hold(cloud: FakeCloud, known: Cloud) -> None:
    row = {"id": an_id(1), "name": "a\ud800b 😀", "metadata": {"\udfff": "\udbff"}}
    cloud.http.get(cloud.at(PATH), text=json.dumps({"volume": row}), headers=JSON)
    disk = disks.find(known, an_id(1))
    assert disk.name == "a\ufffdb 😀"
    assert disk.properties == {"\ufffd": "\ufffd"}
    text = '{"badRequest": {"code": 400, "message": "No \\ud800."}}'
    cloud.http.get(cloud.at(PATH), status_code=400, text=text, headers=JSON)
    assert failure(read, known).reason == "No \ufffd."


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=list(NONSENSE))
def test_it_takes_nonsense_for_a_fault(cloud: FakeCloud, known: Cloud, answer: dict[str, Any]) -> None:
    cloud.http.get(cloud.at(PATH), **answer)
    assert type(failure(read, known)) is errors.Broken
    assert cloud.asked() == [f"GET {PATH}"]


@pytest.mark.parametrize("body", [[], "x", None], ids=repr)
def test_it_does_not_know_what_nonsense_after_a_write_means(cloud: FakeCloud, known: Cloud, body: object) -> None:
    for request_ in (f"POST {PATH}", f"PUT {PATH}"):
        cloud.http.register_uri(request_.split(" ")[0], cloud.at(PATH), status_code=202, json=body)
        assert type(failure(WRITES[request_], known)) is errors.OutcomeUnknown


@pytest.mark.parametrize("code", [200, 202, 204])
def test_it_needs_no_body_after_an_action(cloud: FakeCloud, known: Cloud, code: int) -> None:
    cloud.http.post(cloud.at(ACTION), status_code=code)
    client.act(known, ACTION, {})
    assert cloud.asked() == [f"POST {ACTION}"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><h1>Bad gateway</h1></html>",
        '{"error": "text"}',
        '{"error": {"mess',
        "{}",
        "[]",
        '["x"]',
        '"x"',
        "null",
        '{"message": null}',
        '{"fault": {"message": {"deep": 1}}}',
        '{"fault": null}',
    ],
)
def test_it_knows_the_status_whatever_the_body(cloud: FakeCloud, known: Cloud, body: str) -> None:
    for code in (409, 401):
        cloud.http.get(cloud.at(PATH), status_code=code, text=body, headers=JSON)
        error = failure(read, known)
        assert type(error) is KINDS[str(code)]
        assert error.reason == ("text" if "text" in body else f"HTTP {code} application/json")


def test_it_knows_every_status_without_a_body(cloud: FakeCloud, known: Cloud) -> None:
    kinds = {**KINDS, "404": errors.Broken}
    for code in (*map(int, KINDS), 500, 502, 503, 504):
        cloud.http.get(cloud.at(PATH), status_code=code)
        error = failure(read, known)
        assert type(error) is kinds.get(str(code), errors.Broken)
        assert error.reason == f"HTTP {code}"


@pytest.mark.parametrize(
    "raised",
    [
        requests.ConnectionError,
        requests.ConnectTimeout,
        requests.ReadTimeout,
        requests.exceptions.SSLError,
        requests.exceptions.ChunkedEncodingError,
        requests.exceptions.ProxyError,
    ],
)
def test_it_says_that_nothing_was_read(cloud: FakeCloud, known: Cloud, raised: type[Exception]) -> None:
    cloud.http.get(cloud.at(PATH), exc=raised)
    assert type(failure(read, known)) is errors.Unreachable


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (requests.ReadTimeout, errors.OutcomeUnknown),
        (requests.ConnectionError, errors.OutcomeUnknown),
        (requests.exceptions.ChunkedEncodingError, errors.OutcomeUnknown),
        (requests.ConnectTimeout, errors.Unreachable),
    ],
)
def test_it_knows_whether_a_change_may_have_been_made(
    cloud: FakeCloud, known: Cloud, raised: type[Exception], kind: type[errors.CloudError]
) -> None:
    for request_, change in WRITES.items():
        cloud.http.register_uri(request_.split(" ")[0], EVERYTHING, exc=raised)
        assert type(failure(change, known)) is kind, request_
    assert cloud.asked() == list(WRITES)


def test_it_asks_for_the_version_again_where_the_cloud_has_gone_back(cloud: FakeCloud, known: Cloud) -> None:
    cloud.microversion = "3.50"
    cloud.http.get(cloud.at(PATH), [{"status_code": 406}, {"json": {"volume": volume(1)}}])
    assert type(failure(read, known)) is errors.Refused
    cloud.forget()
    assert disks.find(known, an_id(1)).name == "disk-1"
    assert cloud.asked() == ["GET /", f"GET {PATH}"]
    assert cloud.requests()[-1].headers["OpenStack-API-Version"] == "volume 3.50"


def test_it_carries_what_a_person_is_told() -> None:
    error = errors.Conflict("busy", "req-1")
    assert (error.reason, error.request_id, error.status) == ("busy", "req-1", 409)
    assert str(error.message)
    assert errors.RateLimited(retry_after=9).retry_after == 9


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("17", 17), ("0", 0), ("", 1), ("soon", 1), ("-5", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 1), ("9" * 400, 1)],
)
def test_it_knows_how_long_to_wait(cloud: FakeCloud, known: Cloud, told: str, seconds: int) -> None:
    cloud.http.get(cloud.at(PATH), status_code=429, headers={"Retry-After": told})
    assert getattr(failure(read, known), "retry_after", None) == seconds


@pytest.mark.parametrize("header", ["x-openstack-request-id", "x-compute-request-id"])
@pytest.mark.parametrize("answer", [{"status_code": 500}, {"text": "<html></html>"}], ids=str)
def test_it_knows_the_request_id_by_either_name(
    cloud: FakeCloud, known: Cloud, header: str, answer: dict[str, Any]
) -> None:
    cloud.http.get(cloud.at(PATH), headers={header: REQUEST_ID}, **answer)
    assert failure(read, known).request_id == REQUEST_ID


def test_it_passes_on_words_in_any_form_of_error(cloud: FakeCloud, known: Cloud) -> None:
    bodies: list[Any] = [{"error": "Because."}, {"x": 1, "fault": {"message": "Because."}}]
    for body in [fault("badRequest", 400, "Because."), *bodies]:
        cloud.http.get(cloud.at(PATH), status_code=400, json=body, headers=FAULT_HEADERS)
        assert failure(read, known).reason == "Because."
