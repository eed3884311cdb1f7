"""Diskboard's URLs. Pages of a project begin with /p/<project>/."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import include, path, re_path, register_converter
from django.views.generic import RedirectView

from dashboard import views
from dashboard.accounts.views import sign_in, sign_out
from dashboard.web import converters, theme

register_converter(converters.ProjectConverter, "project")
register_converter(converters.CloudIdConverter, "cloud_id")


class FaviconView(RedirectView):
    """Redirects /favicon.ico, which browsers request even if a page names another icon."""

    def get_redirect_url(self, *_args: object, **_kwargs: object) -> str:
        """Return the URL of the static icon, which contains a hash in production."""
        return staticfiles_storage.url("icon.svg")


urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("switch-project/", views.switch_project, name="switch-project"),
    path("toasts/", views.toasts, name="toasts"),
    path("theme/", theme.set_theme, name="set-theme"),
    path("language/", include("django.conf.urls.i18n")),
    path("favicon.ico", FaviconView.as_view()),
    path("p/<project:project>/", include("volumes.urls")),
    re_path(r"^(?P<rest>(?:disks|snapshots|backups)/.*)$", views.home),
]

handler404 = "dashboard.error_pages.not_found"
handler500 = "dashboard.error_pages.fault"
