"""How the embedded cloud's servers are started, watched and stopped; the tests use substitutes for them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.devcloud import lock
from dashboard.devcloud.child import ChildDied
from dashboard.devcloud.lock import DirectoryInUse
from tests.support.devcloud import wait_until
from tests.support.hollow_cloud import HollowCloud

MOTHER = """
import sys, time
from pathlib import Path
from tests.support.hollow_cloud import HollowCloud
cloud = HollowCloud(Path(sys.argv[1]))
cloud.start()
print(*cloud.pids, flush=True)
time.sleep(600)
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def has_died(cloud: HollowCloud) -> bool:
    try:
        cloud.check()
    except ChildDied:
        return True
    return False


def test_it_has_its_addresses_again_after_an_end_of_any_kind(tmp_path: Path) -> None:
    with HollowCloud(tmp_path) as cloud:
        address, password, pids = cloud.auth_url, cloud.admin_password, cloud.pids
    assert not any(is_running(pid) for pid in pids)

    cloud = HollowCloud(tmp_path)
    cloud.start()
    assert (cloud.auth_url, cloud.admin_password) == (address, password)
    for pid in cloud.pids:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: has_died(cloud), "the death is noticed")
    cloud.stop()

    with HollowCloud(tmp_path) as again:
        assert (again.auth_url, again.admin_password) == (address, password)
        assert HollowCloud.running(tmp_path).auth_url == address


def test_it_takes_other_addresses_where_its_own_are_taken(tmp_path: Path) -> None:
    with HollowCloud(tmp_path / "one") as one:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "ports.json").write_text((tmp_path / "one" / "ports.json").read_text())
        with HollowCloud(tmp_path / "other") as other:
            assert other.auth_url != one.auth_url


def test_two_never_share_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.2)
    with HollowCloud(tmp_path), pytest.raises(DirectoryInUse):
        HollowCloud(tmp_path).start()


def test_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MOTHER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as mother:
        assert mother.stdout
        pids = [int(word) for word in mother.stdout.readline().split()]
        assert len(pids) == 2
        mother.kill()
    wait_until(lambda: not any(is_running(pid) for pid in pids), "the servers are gone")


def test_it_reports_a_server_that_dies_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with pytest.raises(ChildDied, match=r"ended with code 1[\s\S]*It is broken\."):
        HollowCloud(tmp_path).start()
    (tmp_path / "broken").unlink()
    with HollowCloud(tmp_path):
        """What is left of it keeps nobody from starting."""
