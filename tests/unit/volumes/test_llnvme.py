"""Which disk types lose their snapshots."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.contracts.test_settings import start
from volumes.llnvme import is_ll_nvme


@pytest.mark.parametrize("name", ["ef-nvme", "EF-NVMe", "ll-nvme", "GZ1-LL-NVMe-2", "dp_ll_nvme", "Fast LL NVMe"])
def test_it_knows_the_usual_ones(name: str) -> None:
    assert is_ll_nvme(name)


@pytest.mark.parametrize("name", ["", "nvme", "ceph-nvme", "ef-nvme-2", "my-ef-nvme", "llnvme", "ll-nvm", "ceph-ssd"])
def test_it_takes_no_others_for_them(name: str) -> None:
    assert not is_ll_nvme(name)


def test_it_reads_the_setting_without_regard_to_case(tmp_path: Path, settings: Settings) -> None:
    told = start("LL_NVME_TYPES", VAR_DIR=str(tmp_path), LL_NVME_TYPES=" Local*, ,fast-?").stdout.strip()
    assert told == "('local*', 'fast-?')"
    settings.LL_NVME_TYPES = ("local*", "fast-?")
    assert is_ll_nvme("LOCAL-ssd")
    assert is_ll_nvme("Fast-1")
    assert not is_ll_nvme("fast-10")
    assert not is_ll_nvme("ef-nvme")


@pytest.mark.parametrize("none", ["", " , "])
def test_it_can_be_told_that_there_are_none(tmp_path: Path, settings: Settings, none: str) -> None:
    assert start("LL_NVME_TYPES", VAR_DIR=str(tmp_path), LL_NVME_TYPES=none).stdout.strip() == "()"
    settings.LL_NVME_TYPES = ()
    assert not is_ll_nvme("ef-nvme")
