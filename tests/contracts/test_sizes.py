"""The largest form of Diskboard is accepted; larger bodies and files are refused before anything reads them."""

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.hostile import FORM
from tests.support.pages import HERE, Page
from tests.support.views import BOTH_WAYS
from tests.support.wsgi import served

UPLOAD = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"x" * 100 + b"\r\n--x--\r\n"


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_args: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize("path", ["/sign-in/", f"{HERE}/disks/create/", f"{HERE}/snapshots/delete/"])
@pytest.mark.usefixtures("db")
def test_a_large_body_is_refused_unread(client: Client, path: str) -> None:
    client.handler.enforce_csrf_checks = True
    for headers in BOTH_WAYS:
        sent: dict[str, Any] = {"CONTENT_LENGTH": str(3 * 1024 * 1024 + 1), "wsgi.input": Unread()}
        answer = client.generic("POST", path, content_type=FORM, headers=headers, **sent)
        assert answer.status_code == 413
        assert Page(answer).has("heading", "This form is too large")


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", f"{HERE}/disks/create/"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "Multipart/Form-Data; boundary=x"])
@pytest.mark.usefixtures("db")
def test_files_are_refused(client: Client, path: str, kind: str) -> None:
    assert served(client, "POST", path, kind, UPLOAD).status_code == 413
    assert settings.FILE_UPLOAD_HANDLERS == []


def test_the_largest_forms_are_accepted(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.get(f"{HERE}/snapshots/")
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1000 + number, name="x" * 255) for number in range(1000)]
    ids = [an_id(1000 + number) for number in range(1000)]
    selection = urlencode({"ids": ids}, doseq=True).encode()
    preview = served(signed_in, "POST", f"{HERE}/snapshots/delete/", FORM, selection)
    assert preview.status_code == 200
    assert Page(preview).has("heading", "Delete snapshots")
    properties = "\n".join(f"{'k' * 250}{number:04}={'я' * 255}" for number in range(1000))
    texts = {"name": "ж" * 255, "description": "щ" * 255, "properties": properties, "key": "k"}
    typed = urlencode(texts).encode()
    assert 1_500_000 < len(typed) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = served(signed_in, "POST", f"{HERE}/disks/{an_id(1)}/create-snapshot/", FORM, typed)
    assert answer.status_code == 302
    assert cloud.snapshots[0]["name"] == "ж" * 255
    assert signed_in.get(f"{HERE}/snapshots/", headers=HTMX).status_code == 200
