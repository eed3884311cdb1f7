"""The address that a request comes from, behind the operator's own proxies or without any."""

import json

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from dashboard.accounts import throttle
from dashboard.accounts.throttle import client_address
from tests.support.canned import HTMX, SENT
from tests.support.fake_cloud import KEYSTONE, FakeCloud

PROXY = "192.0.2.1"
V6 = "2001:db8:1:2"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, "203.0.113.7", PROXY),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "10.9.9.9, 203.0.113.7", "203.0.113.7"),
        (1, "10.9.9.9,203.0.113.7", "203.0.113.7"),
        (2, "10.9.9.9, 203.0.113.7, 192.0.2.2", "203.0.113.7"),
        (2, "203.0.113.7, 192.0.2.2", "203.0.113.7"),
        # Not through all the proxies: the address of the connection counts
        (1, None, PROXY),
        (2, None, PROXY),
        (2, "203.0.113.7", PROXY),
        # Invalid parts further left are ignored; an invalid part in a proxy's own place counts as no address.
        (1, "<script>, , 203.0.113.7", "203.0.113.7"),
        (1, "203.0.113.7, unknown", ""),
        (1, "203.0.113.7, 999.1.1.1", ""),
        (1, "203.0.113.7,", ""),
        (1, f"{V6}::7", f"{V6}::7"),
        (1, f"{V6}:0:0:0:7", f"{V6}::7"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "::1", "::1"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, f"[{V6}::7]:4711", f"{V6}::7"),
        (1, f"[{V6}::7]", f"{V6}::7"),
    ],
)
def test_it_believes_only_its_own_proxies(
    settings: Settings, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    told = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=told, REMOTE_ADDR=PROXY)
    assert client_address(request) == address


@pytest.mark.parametrize(("proxies", "warns"), [(None, 1), (0, 1), (1, 0)])
def test_it_warns_once_of_a_proxy_that_is_not_counted(
    settings: Settings, caplog: pytest.LogCaptureFixture, proxies: int | None, warns: int
) -> None:
    settings.TRUSTED_PROXIES = proxies
    throttle._warn_of_proxy.cache_clear()
    for _ in range(2):
        client_address(RequestFactory().get("/", REMOTE_ADDR=PROXY))
        client_address(RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.7"}, REMOTE_ADDR=PROXY))
    assert caplog.text.count("TRUSTED_PROXIES") == warns


@pytest.mark.parametrize("remote", ["", "unix:", "fe80::1%eth0"])
def test_it_survives_a_server_that_tells_no_address(remote: str) -> None:
    """For example, one that listens on a Unix socket."""
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote)) in {"", "fe80::1%eth0"}


@pytest.fixture
def refusing(db: None, cloud: FakeCloud, settings: Settings) -> None:  # noqa: ARG001  # attempts are in the database
    cloud.http.post(f"{KEYSTONE}/auth/tokens", status_code=401)
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 2
    settings.TRUSTED_PROXIES = 1


def tried(*addresses: str) -> list[int]:
    """The statuses of attempts with different names from these addresses, with a forged address in front."""
    answers = [
        Client().post(
            "/sign-in/",
            {**SENT, "user_name": f"user-{number}"},
            headers={**HTMX, "X-Forwarded-For": f"10.1.1.{number}, {address}"},
            REMOTE_ADDR=PROXY,
        )
        for number, address in enumerate(addresses)
    ]
    return [one.status_code for one in answers]


@pytest.mark.usefixtures("refusing")
@pytest.mark.parametrize(
    ("addresses", "wanted"),
    [
        (["203.0.113.7"] * 3, [401, 401, 429]),
        (["203.0.113.7", "203.0.113.8", "203.0.113.9"], [401, 401, 401]),
        # A user with one IPv6 address has the whole network.
        ([f"{V6}::1", f"{V6}::2", f"{V6}:ffff::"], [401, 401, 429]),
        ([f"{V6}::1", "2001:db8:1:3::1", "2001:db8:2:2::1"], [401, 401, 401]),
        (["::ffff:203.0.113.7", "203.0.113.7", "::ffff:203.0.113.7"], [401, 401, 429]),
        (["::ffff:203.0.113.7", "::ffff:203.0.113.8", "::ffff:203.0.113.9"], [401, 401, 401]),
        (["fe80::1%eth0", "fe80::2%eth0", "fe80::3"], [401, 401, 429]),
        # All requests without an address count as one.
        (["unknown", "_hidden", "x" * 5000], [401, 401, 429]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_it_counts_an_address_whatever_stands_in_front(addresses: list[str], wanted: list[int]) -> None:
    assert tried(*addresses) == wanted


@pytest.mark.usefixtures("refusing")
@pytest.mark.parametrize("address", ["203.0.113.7", f"{V6}::7"])
def test_it_tells_the_audit_log_the_whole_address(audited: list[str], address: str) -> None:
    tried(address)
    assert [json.loads(one)["address"] for one in audited] == [address]
