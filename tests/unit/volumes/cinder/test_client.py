"""Every failure of the cloud becomes one of ours, with the cloud's words and request id."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from dashboard import errors
from dashboard.keystone import Cloud
from tests.support.fake_cloud import FAULT_HEADERS, JSON, REQUEST_ID, FakeCloud, an_id, fault
from volumes.cinder import disks, snapshots
from volumes.cinder.listing import Query

TABLE = [
    (400, errors.Refused),
    (401, errors.SignInRequired),
    (403, errors.NotAllowed),
    (404, errors.NotFound),
    (406, errors.Refused),
    (409, errors.Conflict),
    (413, errors.OverQuota),
    (429, errors.RateLimited),
    (500, errors.Broken),
    (502, errors.Broken),
    (503, errors.Broken),
]
READS: list[Callable[[Cloud], object]] = [
    lambda here: disks.page(here, Query()),
    lambda here: disks.find(here, an_id(1)),
    lambda here: snapshots.names_of(here, an_id(1)),
]


def answer_everything(cloud: FakeCloud, **answer: Any) -> None:
    for path in ("/volumes/detail", f"/volumes/{an_id(1)}", "/snapshots"):
        cloud.http.register_uri("GET", cloud.at(path), **answer)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(("status", "kind"), TABLE)
def test_it_translates_cinders_answers(
    cloud: FakeCloud, here: Cloud, read: Callable[[Cloud], object], status: int, kind: type[errors.CloudError]
) -> None:
    body = fault("someFault", status, "The hamster is tired.")
    answer_everything(cloud, status_code=status, json=body, headers=FAULT_HEADERS)
    with pytest.raises(errors.CloudError) as caught:
        read(here)
    assert type(caught.value) is kind
    assert caught.value.reason == "The hamster is tired."
    assert caught.value.request_id == REQUEST_ID


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
@pytest.mark.parametrize(("status", "kind"), TABLE)
def test_it_knows_the_status_whatever_the_body(
    cloud: FakeCloud, here: Cloud, status: int, kind: type[errors.CloudError], body: str
) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=status, text=body, headers=JSON)
    with pytest.raises(errors.CloudError) as caught:
        disks.find(here, an_id(1))
    assert type(caught.value) is kind


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(
    "answer",
    [
        {"text": "<html>Please log in to the proxy</html>", "headers": {"Content-Type": "text/html"}},
        {"text": '{"volumes": [{"id": "0', "headers": JSON},
        {"text": ""},
        {"text": "[]", "headers": JSON},
        {"status_code": 204},
        {"status_code": 302, "headers": {"Location": "http://elsewhere.test/"}},
        {"status_code": 301, "json": {"volumes": [], "volume": {}, "snapshots": []}},
    ],
    ids=["html", "cut", "empty", "list", "204", "302", "301 with a body"],
)
def test_it_takes_nonsense_for_a_fault(
    cloud: FakeCloud, here: Cloud, read: Callable[[Cloud], object], answer: dict[str, object]
) -> None:
    answer_everything(cloud, **answer)
    with pytest.raises(errors.Broken):
        read(here)
    assert cloud.requests("http://elsewhere.test") == []


def test_it_has_words_for_a_fault_without_any(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=500)
    with pytest.raises(errors.Broken) as caught:
        disks.find(here, an_id(1))
    assert "None" not in caught.value.reason


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
def test_it_says_that_nothing_was_read(cloud: FakeCloud, here: Cloud, raised: type[Exception]) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), exc=raised)
    with pytest.raises(errors.Unreachable) as caught:
        disks.find(here, an_id(1))
    assert not isinstance(caught.value, errors.OutcomeUnknown)


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
    cloud: FakeCloud, here: Cloud, raised: type[Exception], kind: type[errors.CloudError]
) -> None:
    cloud.http.post(cloud.at("/snapshots"), exc=raised)
    cloud.http.delete(cloud.at(f"/snapshots/{an_id(1001)}"), exc=raised)
    for change in (
        lambda: snapshots.create(here, an_id(1), "x", ""),
        lambda: snapshots.delete(here, an_id(1001)),
    ):
        with pytest.raises(errors.Unreachable) as caught:
            change()
        assert type(caught.value) is kind


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_it_fails_with_the_version_request_too(cloud: FakeCloud, here: Cloud, status: int) -> None:
    cloud.http.get("http://cinder.test/", status_code=status)
    with pytest.raises(errors.CloudError) as caught:
        disks.page(here, Query())
    assert type(caught.value) is dict(TABLE)[status]


@pytest.mark.parametrize("text", ["", "<html></html>", "{}", '{"versions": "x"}', '{"versions": [{}]}', "[]"])
def test_it_survives_versions_that_make_no_sense(cloud: FakeCloud, here: Cloud, text: str) -> None:
    cloud.http.get("http://cinder.test/", text=text, headers=JSON)
    with pytest.raises(errors.CloudError):
        disks.page(here, Query())


def test_it_does_not_remember_a_version_it_was_not_told(cloud: FakeCloud, here: Cloud) -> None:
    cloud.http.get("http://cinder.test/", [{"status_code": 503}, {"json": cloud.versions()}])
    with pytest.raises(errors.Broken):
        disks.page(here, Query())
    assert disks.page(here, Query()).rows == ()


def test_it_carries_what_a_person_is_told() -> None:
    error = errors.Conflict("busy", "req-1")
    assert (error.reason, error.request_id, error.status) == ("busy", "req-1", 409)
    assert str(error.message)
    assert errors.RateLimited(retry_after=9).retry_after == 9


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("17", 17), ("0", 0), ("", 1), ("soon", 1), ("-5", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 1), ("9" * 400, 1)],
)
def test_it_knows_how_long_to_wait(cloud: FakeCloud, here: Cloud, told: str, seconds: int) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), status_code=429, headers={"Retry-After": told})
    with pytest.raises(errors.RateLimited) as caught:
        disks.find(here, an_id(1))
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("header", ["x-openstack-request-id", "x-compute-request-id"])
@pytest.mark.parametrize("answer", [{"status_code": 500}, {"text": "<html></html>"}], ids=str)
def test_it_knows_the_request_id_by_either_name(
    cloud: FakeCloud, here: Cloud, header: str, answer: dict[str, Any]
) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), headers={header: REQUEST_ID}, **answer)
    with pytest.raises(errors.Broken) as caught:
        disks.find(here, an_id(1))
    assert caught.value.request_id == REQUEST_ID


@pytest.mark.parametrize("body", ["{}", '{"snapshot": null}', '{"snapshot": [1]}', "[]", '"x"'])
def test_it_does_not_know_what_nonsense_after_a_write_means(cloud: FakeCloud, here: Cloud, body: str) -> None:
    cloud.http.post(cloud.at("/snapshots"), status_code=202, text=body, headers=JSON)
    with pytest.raises(errors.OutcomeUnknown):
        snapshots.create(here, an_id(1), "x", "")


@pytest.mark.parametrize("status", [400, 403, 409, 413, 429, 500, 503])
def test_it_knows_that_a_refused_change_was_not_made(cloud: FakeCloud, here: Cloud, status: int) -> None:
    cloud.http.post(cloud.at("/snapshots"), status_code=status)
    with pytest.raises(errors.CloudError) as caught:
        snapshots.create(here, an_id(1), "x", "")
    assert not isinstance(caught.value, errors.OutcomeUnknown)


@pytest.mark.parametrize("body", ["{}", '{"volume": null, "snapshot": null}', '{"volume": [], "snapshot": "x"}'])
def test_it_takes_an_answer_without_the_thing_for_a_fault(cloud: FakeCloud, here: Cloud, body: str) -> None:
    cloud.http.get(cloud.at(f"/volumes/{an_id(1)}"), text=body, headers=JSON)
    cloud.http.get(cloud.at(f"/snapshots/{an_id(1)}"), text=body, headers=JSON)
    with pytest.raises(errors.Broken):
        disks.find(here, an_id(1))
    with pytest.raises(errors.Broken):
        snapshots.find(here, an_id(1))
