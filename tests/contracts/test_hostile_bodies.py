"""No body and no declared content type of a request, as a WSGI server passes it on, causes an error."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_cloud import FakeCloud
from tests.support.hostile import FIELDS, FORM, PAGES, encoded, headers, sent_fields, stock, values
from tests.support.hostile_checks import check_answer, check_cloud
from tests.support.hypothesis_profiles import cases
from tests.support.pages import HERE
from tests.support.views import POSTING
from tests.support.wsgi import served

pytestmark = pytest.mark.sized


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    stock(cloud)


PART = "Content-Disposition: form-data; name"
TYPES = (
    FORM, "application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x",
    'multipart/form-data; boundary="x', f"multipart/form-data; boundary={'x' * 300}", "multipart/form-data; boundary=é",
    "multipart/mixed; boundary=x", "application/xml", "",
)  # fmt: skip
PARAMETERS = (
    "charset=utf-16", "charset=utf-7", "charset=unicode_escape", "charset=hex", "charset=undefined", "charset=idna",
    "charset=x", "a*=x''%41", "a*=hex''%41", "a*0*=x''y", 'a="', ";;", "boundary=x", "boundary*=x''x",
)  # fmt: skip
content_types = st.builds(
    lambda kind, parameters: "; ".join([kind, *parameters]),
    st.sampled_from(TYPES) | headers,
    st.lists(st.sampled_from(PARAMETERS) | headers, max_size=2),
)
part_heads = st.builds(
    lambda name, more: f"{PART}{name}{more}",
    st.sampled_from([
        '="name"', "=name", "*=x''%41", "*=hex''%41", "*=unicode_escape''%5Cud800", "*=undefined''%41", "", '="',
        "*0=na; name*1=me",
    ]) | st.sampled_from(FIELDS).map('="{}"'.format),
    st.sampled_from([
        "", '; filename="../../x"', '; filename="a\x00b"', "; filename*=x''%2F",
        "\r\nContent-Type: text/plain; charset=hex", "\r\nContent-Transfer-Encoding: base64",
        "\r\nContent-Transfer-Encoding: x", "\r\nX-Evil",
        "\r\nContent-Length: 9" + "9" * 30,
    ]),
)  # fmt: skip
multiparts = st.lists(st.tuples(part_heads, values), max_size=4).map(
    lambda parts: "".join(f"--x\r\n{head}\r\n\r\n{value}\r\n" for head, value in parts) + "--x--\r\n"
)
bodies = st.one_of(
    multiparts.map(lambda text: text.encode(errors="surrogatepass")),
    sent_fields.map(lambda pairs: encoded(pairs).encode()),
    st.binary(max_size=60),
    st.sampled_from([b"--x", b"--x\r\n", b"--x--", b"{}", b"[]", b"%", b"&&==&", b"name=%ff%fe", b"name"]),
)


def test_it_bears_any_body(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.get("/sign-in/?next=/")
    signed_in.get(f"{HERE}/disks/")
    urls = st.sampled_from([*(view.url for view in POSTING), "/sign-in/", "/switch-project/", "/language/setlang/"])

    @cases(300)
    @given(urls, content_types, bodies)
    def whatever(url: str, content_type: str, body: bytes) -> None:
        stock(cloud)
        check_answer(served(signed_in, "POST", url, content_type, body))
        check_cloud(cloud)

    whatever()


def test_it_reads_addresses_as_utf_8_only(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.get(f"{HERE}/disks/")

    @cases(200)
    @given(content_types, st.lists(st.sampled_from(["%5Cud800", "%ff", "+", "%00", "a"])), st.sampled_from(PAGES))
    def whatever(content_type: str, query: list[str], url: str) -> None:
        answer = served(signed_in, "GET", f"{url}?q={''.join(query)}", content_type, b"")
        check_answer(answer)
        check_cloud(cloud)

    whatever()


@pytest.mark.usefixtures("db")
def test_it_carries_any_body_through_sign_in(client: Client) -> None:
    client.get("/sign-in/")

    @cases(200)
    @given(content_types, bodies)
    def whatever(content_type: str, body: bytes) -> None:
        check_answer(served(client, "POST", f"{HERE}/disks/create/", content_type, body))

    whatever()
