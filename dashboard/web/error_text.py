"""Render a CloudError as HTML text."""

from django.utils.html import format_html

from dashboard.cloud.errors import CloudError, OutcomeUnknown


def describe(error: CloudError) -> str:
    """Return the error's message with the cloud's reason and request ID, as safe HTML."""
    text = str(error.message)
    if error.reason:
        text = format_html("{} <span class=reason>{}</span>", text, error.reason)
    if isinstance(error, OutcomeUnknown) and error.found:
        text = format_html("{} <span class=found>{}</span>", text, error.found)
    if error.request_id:
        text = format_html("{} <code class=request-id>{}</code>", text, error.request_id)
    return text
