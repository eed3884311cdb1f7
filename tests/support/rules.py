"""Rules that every answer follows."""

from django.http import HttpResponseBase

from tests.support.html import Element

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
# Without these directives, a cache may keep a page
PRIVATE = {"no-store", "private"}


def wrong_headers(answer: HttpResponseBase) -> dict[str, str]:
    """The headers that give others access to a page, or let a cache keep it; empty if all are correct."""
    found = {name: answer.get(name, "") for name, value in HEADERS.items() if answer.get(name) != value}
    policy = answer.get("Content-Security-Policy", "")
    if {one.strip() for one in policy.split(";")} != POLICY:
        found["Content-Security-Policy"] = policy
    cache = answer.get("Cache-Control", "")
    if not {one.strip() for one in cache.split(",")} >= PRIVATE:
        found["Cache-Control"] = cache
    return found


def inline_code(page: Element) -> list[str]:
    """The inline scripts and styles of a page, which its policy forbids."""
    found = []
    for node in page.node.iter("*"):
        if node.tag == "style" or (node.tag == "script" and "src" not in node.attrib):
            found.append(repr(Element(node)))
        for name, value in node.attrib.items():
            told = value.strip().lower()
            if name == "style" or name.startswith(("on", "hx-on")) or "javascript:" in told or told.startswith("js:"):
                found.append(f"{name}={value}")
    return found
