"""The disk types that lose their snapshots."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings as ours
from pytest_django.fixtures import Settings

from volumes.llnvme import is_ll_nvme

# In a separate process: how the settings parse values of the environment variable
READ_SETTINGS = """
import importlib, os, sys
from dashboard import settings
for value in sys.argv[1:]:
    os.environ["LL_NVME_TYPES"] = value
    print(importlib.reload(settings).LL_NVME_TYPES)
"""


USUAL = ["ef-nvme", "EF-NVMe", "ll-nvme", "GZ1-LL-NVMe-2", "dp_ll_nvme", "Fast LL NVMe"]
OTHERS = ["", "nvme", "ceph-nvme", "ef-nvme-2", "my-ef-nvme", "llnvme", "ll-nvm", "ceph-ssd"]


def test_it_knows_the_usual_ones() -> None:
    assert [name for name in [*USUAL, *OTHERS] if is_ll_nvme(name)] == USUAL


def test_it_reads_the_setting(tmp_path: Path) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = subprocess.run(
        [sys.executable, "-c", READ_SETTINGS, " Local*, ,fast-?", "", " , "],
        cwd=ours.BASE_DIR,
        env={**kept, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["('local*', 'fast-?')", "()", "()"]


def test_it_follows_the_setting_without_regard_to_case(settings: Settings) -> None:
    settings.LL_NVME_TYPES = ("local*", "fast-?")
    assert is_ll_nvme("LOCAL-ssd")
    assert is_ll_nvme("Fast-1")
    assert not is_ll_nvme("fast-10")
    assert not is_ll_nvme("ef-nvme")


def test_it_can_be_told_that_there_are_none(settings: Settings) -> None:
    settings.LL_NVME_TYPES = ()
    assert not is_ll_nvme("ef-nvme")
