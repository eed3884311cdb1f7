"""A request behind the middleware, for type checkers."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from dashboard.cloud.keystone import Cloud


class CloudRequest(HttpRequest):
    """A request to a page of a project."""

    cloud: Cloud
    htmx: HtmxDetails
