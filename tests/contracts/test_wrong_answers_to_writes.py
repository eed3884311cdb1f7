"""Every dialog that changes something asks Cinder once, reports wrong answers truly, and keeps what was typed.

``test_wrong_answers_handled.py`` checks which failures a form distinguishes; here each form shows that it reports them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.canned import HTMX
from tests.support.cloud_rows import USER
from tests.support.fake_cloud import PASSWORD
from tests.support.pages import HERE, Page, sent_by, words
from tests.support.views import BOTH_WAYS, WRITING
from tests.support.writes import BOOTABLE, FORMS, MANY, Write, stock_for_writes, written
from tests.support.wrong_answers import ELSEWHERE, SIGN_IN_AGAIN, let_all_reads_fail, named

if TYPE_CHECKING:
    from django.test import Client

    from tests.support.fake_cloud import FakeCloud

# The fields for free text
TYPED = ("name", "description", "properties", "size")


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    stock_for_writes(cloud)


def test_the_tables_have_every_dialog() -> None:
    assert {one.path for one in (*FORMS, *MANY, BOOTABLE)} == {view.path for view in WRITING}


@pytest.mark.parametrize("write", FORMS, ids=str)
def test_it_says_what_the_cloud_said_and_keeps_what_was_typed(
    cloud: FakeCloud, signed_in: Client, write: Write
) -> None:
    form = write.form(signed_in)
    for wrong, headers in zip(named("409", "HTML"), BOTH_WAYS, strict=True):
        write.goes_wrong(cloud, **wrong.http)
        case = f"{write} as {'a fragment' if headers else 'a page'}, where Cinder answers {wrong}"
        sent = {**form, "key": wrong.name}
        cloud.forget()
        answer = signed_in.post(write.url, sent, headers=headers)
        assert answer.status_code == 422, case
        assert wrong.told_by_write(answer), case
        assert Page(answer).has("main") == (not headers), case
        assert written(cloud) == [write.asks], case
        kept = sent_by(answer)
        assert {name: kept.get(name) for name in write.typed} == write.typed, case
        # A change that may have been made is not made again when an impatient user sends the same form again.
        assert (kept["key"] != sent["key"]) == wrong.unknown, case
        signed_in.post(write.url, sent, headers=HTMX)
        assert len(written(cloud)) == (1 if wrong.unknown else 2), case
    assert cloud.requests(ELSEWHERE) == []


@pytest.mark.parametrize("write", FORMS, ids=str)
def test_it_keeps_what_was_typed_where_nothing_can_be_read_either(
    cloud: FakeCloud, signed_in: Client, write: Write
) -> None:
    """The reads that the change needs, or those for showing the dialog again, fail."""
    form = write.form(signed_in)
    for wrong in named("403", "HTML"):
        write.goes_wrong(cloud, **wrong.http)
        let_all_reads_fail(cloud, wrong.http)
        cloud.forget()
        answer = signed_in.post(write.url, {**form, "key": wrong.name}, headers=HTMX)
        case = f"{write}, where Cinder answers {wrong}"
        assert answer.status_code == 422, case
        assert wrong.told_by_write(answer) if written(cloud) else wrong.told_by(answer), case
        assert written(cloud) in ([], [write.asks]), case
        kept = sent_by(answer)
        assert {name: kept.get(name) for name in write.typed} == write.typed, case


@pytest.mark.parametrize("write", [*FORMS, *MANY, BOOTABLE], ids=str)
def test_it_asks_to_sign_in_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, write: Write) -> None:
    sent: dict[str, Any] = {**write.form(signed_in), **write.typed, "page_user": USER}
    write.goes_wrong(cloud, **SIGN_IN_AGAIN.http)
    cloud.forget()
    page = signed_in.post(write.url, sent)
    assert page.status_code == 401
    assert SIGN_IN_AGAIN.says in words(page)
    assert written(cloud) == [write.asks]
    [carried] = set(Page(page).hidden("carried")) - {""}
    again = {"user_name": "ann", "password": PASSWORD, "domain": "Default", "carried": carried}
    onward = signed_in.post("/sign-in/", again)
    assert onward["Location"].startswith(f"{HERE}/")
    kept = sent_by(signed_in.get(onward["Location"]))
    typed = {name: value for name, value in write.typed.items() if name in TYPED}
    assert {name: kept.get(name) for name in typed} == typed
