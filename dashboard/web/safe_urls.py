"""Where a request may lead."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def page_of_ours(request: HttpRequest, url: str) -> str:
    """Return `url` where it is a page of ours, else the first page: nobody is sent elsewhere."""
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # All else that is relative could be a view's name to redirect(), and "//" is no address to a browser.
    return url if ours and url.startswith("/") and not url.startswith("//") else reverse("home")
