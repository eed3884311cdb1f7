"""PUBLIC_URL gives hosts, origins, HTTPS, prefix and the names of cookies."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from dashboard.public_url import PublicUrl, cookie_suffix, parsed


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", PublicUrl()),
        (
            "https://disks.example.org/diskboard",
            PublicUrl(
                "https://disks.example.org/diskboard",
                https=True,
                host="disks.example.org",
                origin="https://disks.example.org",
                prefix="diskboard",
            ),
        ),
        (
            "http://10.0.0.7:8080/a/b/",
            PublicUrl(
                "http://10.0.0.7:8080/a/b", host="10.0.0.7", port=8080, origin="http://10.0.0.7:8080", prefix="a/b"
            ),
        ),
        (
            "https://[fd00::7]:8443",
            PublicUrl(
                "https://[fd00::7]:8443/", https=True, host="[fd00::7]", port=8443, origin="https://[fd00::7]:8443"
            ),
        ),
        # Browsers leave the usual port out of origins.
        (
            "https://disks.example.org:443",
            PublicUrl(
                "https://disks.example.org/", https=True, host="disks.example.org", origin="https://disks.example.org"
            ),
        ),
        (
            " HTTPS://Disks.Example.org/ ",
            PublicUrl(
                "https://disks.example.org/", https=True, host="disks.example.org", origin="https://disks.example.org"
            ),
        ),
    ],
)
def test_it_gives_the_parts(value: str, expected: PublicUrl) -> None:
    assert parsed(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "disks.example.org",
        "ftp://disks.example.org",
        "https://",
        "https:///diskboard",
        "https://disks.example.org:port",
        "https://disks.example.org:70000",
        "https://disks.example.org:0",
        "https://disks.example.org/../x",
        "https://disks.example.org/a/./x",
        "https://-bad-.example.org",
        "https://disks..example.org",
        "https://disks.example.org/?a=b",
        "https://disks.example.org/#a",
        "https://disks.example.org/a b",
        "https://disks.example.org/%2e",
        "https://disks.example.org//a",
        "https://disks example.org",
        "https://[fd00::7",
        "https://a,b",
        "https://*",
    ],
)
def test_it_refuses_what_is_no_address_of_a_site(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL") as refused:
        parsed(value)
    assert value in str(refused.value)


@pytest.mark.parametrize(
    ("url", "port", "prefix", "suffix"),
    [
        ("", 8000, "", ""),
        ("", 8001, "", "_8001"),
        ("", 8001, "a/b", "_8001_a_b"),
        ("", None, "", ""),
        ("https://disks.example.org", 8001, "", ""),
        ("https://disks.example.org:8443/a", 8001, "a", "_8443_a"),
    ],
)
def test_cookies_of_two_installations_on_one_host_have_different_names(
    url: str, port: int | None, prefix: str, suffix: str
) -> None:
    assert cookie_suffix(parsed(url), port, prefix) == suffix


def test_it_shows_no_password() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        parsed("https://ann:hidden@disks.example.org")
    assert str(refused.value).startswith("PUBLIC_URL: expected a URL such as https://")
    assert "hidden" not in str(refused.value)
