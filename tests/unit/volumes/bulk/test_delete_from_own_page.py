"""Deleting a disk or snapshot from its own page leads to the list, with and without JavaScript."""

from typing import Any

import pytest
from django.test import Client

from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Page, all_sent_by, brought_into, leads_to, triggered, words
from tests.support.views import BOTH_WAYS

DISK, SNAPSHOT = an_id(1), an_id(1001)
LABELS = {"disks": ("Delete disk", DISK), "snapshots": ("Delete snapshot", SNAPSHOT)}
TOLD = {"disks": "1 disk is being deleted.", "snapshots": "1 snapshot is being deleted."}
OF_EACH = pytest.mark.parametrize("kind", LABELS)


@pytest.fixture(autouse=True)
def _stock(cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots = [volume(1), volume(2)], [snapshot(1001, disk=2)]


def preview_of(client: Client, kind: str, headers: dict[str, str]) -> Any:
    """The preview that the button of its page opens."""
    label, one = LABELS[kind]
    button = Page(client.get(f"{HERE}/{kind}/{one}/")).find("button", label)
    assert button["href"] == button["hx-get"]
    return client.get(button["href"], headers=headers)


@OF_EACH
def test_it_leads_to_the_list(cloud: FakeCloud, signed_in: Client, kind: str) -> None:
    one = LABELS[kind][1]
    part = preview_of(signed_in, kind, HTMX)
    answer = signed_in.post(f"{HERE}/{kind}/delete/run/", all_sent_by(part), headers=HTMX)
    assert (answer.status_code, leads_to(answer)) == (204, f"{HERE}/{kind}/")
    # The message waits for the list.
    assert "messages" not in triggered(answer)
    assert deleted(cloud) == [one]
    assert TOLD[kind] in words(signed_in.get(f"{HERE}/{kind}/"))


@OF_EACH
def test_it_leads_to_the_list_without_javascript(cloud: FakeCloud, signed_in: Client, kind: str) -> None:
    one = LABELS[kind][1]
    page = preview_of(signed_in, kind, {})
    assert Page(page).find("button", "Cancel")["href"] == f"{HERE}/{kind}/{one}/"
    answer = signed_in.post(f"{HERE}/{kind}/delete/run/", all_sent_by(page), follow=True)
    assert answer.redirect_chain == [(f"{HERE}/{kind}/", 302)]
    assert TOLD[kind] in words(answer)
    assert deleted(cloud) == [one]


@OF_EACH
@pytest.mark.parametrize("headers", BOTH_WAYS)
def test_it_stays_and_tells_why_it_was_refused(
    cloud: FakeCloud, signed_in: Client, kind: str, headers: dict[str, str]
) -> None:
    one = LABELS[kind][1]
    preview = preview_of(signed_in, kind, headers)
    body = fault("badRequest", 400, "Not today.")
    path = "volumes" if kind == "disks" else kind
    cloud.http.delete(cloud.at(f"/{path}/{one}"), status_code=400, json=body, headers=FAULT_HEADERS)
    answer = signed_in.post(f"{HERE}/{kind}/delete/run/", all_sent_by(preview), headers=headers)
    assert leads_to(answer) == ""
    assert answer.status_code == 200
    page = words(answer) if not headers else words(signed_in.get("/toasts/"))
    assert "Not today." in page
    assert TOLD[kind] not in page
    assert "its row says why" not in page
    # There is no row for the reason.
    assert one not in brought_into(answer, "failure") or not headers
