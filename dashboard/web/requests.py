"""The type of a request after the middleware has run, for type checkers."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from dashboard.cloud.keystone import Cloud


class CloudRequest(HttpRequest):
    """A request for a page of a project; CloudMiddleware sets `cloud`."""

    cloud: Cloud
    htmx: HtmxDetails
