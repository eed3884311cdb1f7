"""In Russian a backup is feminine: no page, preview, outcome or message speaks of it as of a disk."""

import re

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, not_found, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, all_sent_by, rows, sent_by, words
from volumes.statuses import _TABLE

RUSSIAN = {"Accept-Language": "ru"}
BACKUPS = f"{HERE}/backups/"
# Pronouns, participles and adjectives of a masculine subject
MASCULINE = re.compile(
    r"\b(он|него|нему|ним|нём|доступен|удал[её]н|создан|подключ[её]н|один|готов|этот|сам)\b", re.IGNORECASE
)
STATUSES = [code for code in _TABLE if not {"in-use", "reserved", "attaching"} & {code}]


def assert_feminine(text: str) -> None:
    assert MASCULINE.search(text) is None, text


@pytest.mark.parametrize("code", [*STATUSES, "surprising"])
def test_its_row_and_its_preview(cloud: FakeCloud, signed_in: Client, code: str) -> None:
    cloud.backups = [backup(2001, status=code), backup(2002, status=code, has_dependent_backups=True)]
    [row, _other] = rows(signed_in.get(BACKUPS, headers=RUSSIAN))
    assert_feminine(row.text)
    ids = [one["id"] for one in cloud.backups]
    part = signed_in.post(f"{BACKUPS}delete/", {"ids": [*ids, an_id(77)]}, headers={**HTMX, **RUSSIAN})
    assert_feminine(words(part))


def test_the_words_of_each_status(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001)]
    [row] = rows(signed_in.get(BACKUPS, headers=RUSSIAN))
    assert "Доступна" in row.text
    page = signed_in.get(BACKUPS, {"status": "available"}, headers=RUSSIAN)
    assert "Доступна" in words(page)
    assert_feminine(words(signed_in.get(BACKUPS, {"status": "error"}, headers={**HTMX, **RUSSIAN})))
    cloud.volumes, cloud.snapshots = [volume(1)], [snapshot(1001)]
    for kind in ("disks", "snapshots"):
        [row] = rows(signed_in.get(f"{HERE}/{kind}/", headers=RUSSIAN))
        assert "Доступен" in row.text


def test_its_filter_in_words(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = []
    page = signed_in.get(BACKUPS, {"status": "available"}, headers={**HTMX, **RUSSIAN})
    assert "статус: Доступна" in words(page)


def test_its_deletion(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.backups = [backup(2001), backup(2002), backup(2003, status="error")]
    ids = [one["id"] for one in cloud.backups]
    preview = signed_in.post(f"{BACKUPS}delete/", {"ids": ids}, headers=RUSSIAN)
    assert "будет удалена" in words(preview)
    cloud.http.delete(cloud.at(f"/backups/{ids[0]}"), **not_found())
    cloud.http.get(cloud.at(f"/backups/{ids[0]}"), **not_found())
    outcome = signed_in.post(f"{BACKUPS}delete/run/", all_sent_by(preview), headers=RUSSIAN)
    assert "удаляется" in words(outcome)
    assert "удалена" in words(outcome)
    assert_feminine(Page(outcome).find("main").text)
    assert_feminine(Page(signed_in.get(BACKUPS, headers=RUSSIAN)).find("main").text)


def test_its_creation_without_an_answer(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes, cloud.backups = [volume(1)], [backup(2001, name="x")]
    url = f"{HERE}/disks/{an_id(1)}/create-backup/"
    sent = sent_by(signed_in.get(url, headers={**HTMX, **RUSSIAN}), name="x")
    cloud.http.post(cloud.at("/backups"), exc=requests.ReadTimeout)
    answer = signed_in.post(url, sent, headers={**HTMX, **RUSSIAN})
    assert "Новейшее сейчас: «x», Доступна" in words(answer)
    assert_feminine(words(answer).partition("Новейшее сейчас")[2].partition(".")[0])
