"""All settings, read from the environment at start-up; docs/settings.md lists them.

No other module reads ``os.environ``. An invalid value stops the start with an error that names the setting.
"""

import logging
from pathlib import Path

from csp.constants import NONE, SELF

from dashboard import checked, places
from dashboard.authorities import checked_authorities, system_authorities
from dashboard.clouds_yaml import named_cloud
from dashboard.environment import Environment
from dashboard.logs import with_request_id, without_traceback
from dashboard.postgresql import postgresql
from dashboard.private_files import keep_private
from dashboard.public_url import cookie_suffix, parsed
from dashboard.secret_key import kept_secret_key

# A secret may be in a file: SECRET_KEY_FILE instead of SECRET_KEY, and so for every setting.
env = Environment()

BASE_DIR = places.RESOURCES

# Where users find Diskboard, where it listens, and where it stores its files
PUBLIC_URL = parsed(env.str("PUBLIC_URL", ""))
HOST = checked.listening_host("HOST", env.str("HOST", "127.0.0.1"))
PORT = env.whole("PORT", 8000, at_most=checked.MAX_PORT)
HOST_IN_URL = f"[{HOST}]" if ":" in HOST else HOST
# Instead of HOST and PORT
UNIX_SOCKET = env.str("UNIX_SOCKET", "")
WORKERS = env.whole("WORKERS", 2, at_most=256)
THREADS = env.whole("THREADS", 16, at_most=1024)
VAR_DIR = Path(env.str("VAR_DIR", "") or places.default_var_dir()).resolve()
keep_private(VAR_DIR)

# The cloud; the names are those of the `openstack` client
NAMED_CLOUD = named_cloud(env.str("OS_CLOUD", ""), env.str("OS_CLIENT_CONFIG_FILE", ""))
OS_AUTH_URL = checked.auth_url("OS_AUTH_URL", env.str("OS_AUTH_URL", NAMED_CLOUD.auth_url))
OS_CACERT = checked_authorities(env.str("OS_CACERT", NAMED_CLOUD.cacert)) or system_authorities()
OS_INTERFACE = env.str("OS_INTERFACE", NAMED_CLOUD.interface).removesuffix("URL")
checked.choice("OS_INTERFACE", OS_INTERFACE, ("public", "internal", "admin"))
OS_REGION_NAME = env.str("OS_REGION_NAME", NAMED_CLOUD.region_name)
OS_PROJECT_ID = env.str("OS_PROJECT_ID", "")
OS_PROJECT_NAME = env.str("OS_PROJECT_NAME", "")
OS_USER_DOMAIN_NAME = env.str("OS_USER_DOMAIN_NAME", "Default")

CLOUD_CONNECT_SECONDS = env.seconds("CLOUD_CONNECT_SECONDS", 2)
CLOUD_READ_SECONDS = env.seconds("CLOUD_READ_SECONDS", 10)
CLOUD_TOTAL_SECONDS = env.seconds("CLOUD_TOTAL_SECONDS", 12)
# For requests that run when the server ends
GRACEFUL_SECONDS = int(CLOUD_TOTAL_SECONDS) + 3
# Per worker process; fewer than its threads, so that a stalled endpoint doesn't occupy them all.
CLOUD_CALLS_AT_ONCE = env.whole("CLOUD_CALLS_AT_ONCE", 12, at_most=1024)

# What pages show
READ_ONLY_ROLES = frozenset(env.list("READ_ONLY_ROLES", ["reader"]))
BACKUPS = env.switch("BACKUPS", True)
LL_NVME_TYPES = tuple(
    pattern.strip().casefold()
    for pattern in env.list("LL_NVME_TYPES", ["ef-nvme", "*ll-nvme*", "*ll_nvme*", "*ll nvme*"])
    if pattern.strip()
)
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LANGUAGE_CODE = checked.choice("LANGUAGE_CODE", env.str("LANGUAGE_CODE", "en"), ("en", "ru"))
TIME_ZONE = checked.time_zone("TIME_ZONE", env.str("TIME_ZONE", "UTC"))

# Security
DEBUG = env.switch("DEBUG", False)
HTTPS = env.switch("HTTPS", PUBLIC_URL.https)
HSTS_INCLUDE_SUBDOMAINS = env.switch("HSTS_INCLUDE_SUBDOMAINS", False)
HSTS_PRELOAD = env.switch("HSTS_PRELOAD", False)
ALLOWED_HOSTS = checked.hosts("ALLOWED_HOSTS", env.list("ALLOWED_HOSTS", [])) or (
    [PUBLIC_URL.host] if PUBLIC_URL.host else ["localhost", "127.0.0.1", "[::1]", HOST]
)
CSRF_TRUSTED_ORIGINS = checked.origins(
    "CSRF_TRUSTED_ORIGINS", env.list("CSRF_TRUSTED_ORIGINS", [PUBLIC_URL.origin] if PUBLIC_URL.origin else [])
)
GIVEN_SECRET_KEY = checked.secret("SECRET_KEY", env.str("SECRET_KEY", ""))
SECRET_KEY = GIVEN_SECRET_KEY or kept_secret_key(VAR_DIR / "secret_key")
# Earlier keys: what they signed or encrypted stays valid.
SECRET_KEY_FALLBACKS = checked.secrets("SECRET_KEY_FALLBACKS", env.list("SECRET_KEY_FALLBACKS", []))
SESSION_HOURS = env.whole("SESSION_HOURS", 12, at_most=24 * 365)
SESSION_IDLE_MINUTES = env.whole("SESSION_IDLE_MINUTES", 60, at_most=60 * 24 * 365)
SIGN_IN_WINDOW_MINUTES = env.whole("SIGN_IN_WINDOW_MINUTES", 5, at_most=60 * 24)
SIGN_IN_FAILURES_BY_NAME = env.whole("SIGN_IN_FAILURES_BY_NAME", 10, at_most=1_000_000)
SIGN_IN_FAILURES_BY_ADDRESS = env.whole("SIGN_IN_FAILURES_BY_ADDRESS", 50, at_most=1_000_000)
# None if unset: with HTTPS, dashboard/checks.py asks for it.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", None, at_least=0, at_most=20)
AUDIT_LOG = checked.log_file("AUDIT_LOG", env.str("AUDIT_LOG", ""))

LOG_FORMAT = checked.choice("LOG_FORMAT", env.str("LOG_FORMAT", "text"), ("text", "json"))
LOG_LEVEL = checked.choice("LOG_LEVEL", env.str("LOG_LEVEL", "INFO").upper(), ("DEBUG", "INFO", "WARNING", "ERROR"))
# Without query strings, which contain the names that users search for
ACCESS_LOG = env.switch("ACCESS_LOG", False)
METRICS_ADDRESS = checked.address("METRICS_ADDRESS", env.str("METRICS_ADDRESS", ""), None if UNIX_SOCKET else PORT)

# A path prefix for all URLs, such as /diskboard; dashboard/wsgi.py accepts requests with and without it
URL_PREFIX = checked.prefix("URL_PREFIX", env.str("URL_PREFIX", PUBLIC_URL.prefix))
FORCE_SCRIPT_NAME = f"/{URL_PREFIX}" if URL_PREFIX else None
STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "dashboard",
    "dashboard.accounts",
    "dashboard.web",
    "volumes",
]

MIDDLEWARE = [
    "dashboard.middleware.request_deadline",
    *(["dashboard.metrics.count_requests"] if METRICS_ADDRESS else []),
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dashboard.middleware.probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "dashboard.middleware.FormSizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.time_zone",
    "dashboard.middleware.private_pages",
    "dashboard.middleware.CloudMiddleware",
]

ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["dashboard.web.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "dashboard.context_processors.cloud",
            ],
            "builtins": ["dashboard.web.templatetags.formats"],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "dashboard.web.jinja.environment"},
    },
]

FORM_RENDERER = "dashboard.web.form_renderer.FormRenderer"

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR_DIR / "diskboard.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
# PostgreSQL for several nodes; SQLite's file can be used by one machine only.
DATABASE_URL = env.str("DATABASE_URL", "")
DATABASES = {"default": postgresql("DATABASE_URL", DATABASE_URL) if DATABASE_URL else SQLITE}
if not DATABASE_URL:
    checked.writable_directory("VAR_DIR", VAR_DIR)
REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    # It holds counts and times, and nothing secret: see docs/decisions/0018-several-nodes.md.
    "default": {
        "BACKEND": "dashboard.redis_cache.RedisCache",
        "LOCATION": checked.redis_url("REDIS_URL", REDIS_URL),
        "KEY_PREFIX": "diskboard",
        # Sign-in should not wait for marks that Diskboard can do without (seconds).
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    },
    # What every request needs, and each process can find out for itself
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_ENGINE = "dashboard.accounts.session_store"
SESSION_SERIALIZER = "dashboard.accounts.encryption.EncryptedJSON"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
MESSAGE_STORAGE = "dashboard.accounts.message_storage.MessageStorage"

# Browsers send a cookie to every port of a host, and to all paths below its own. Two Diskboards on one host need
# cookies with different names, and other applications of that host needn't get any.
COOKIE_PATH = FORCE_SCRIPT_NAME or "/"
COOKIE_SUFFIX = cookie_suffix(PUBLIC_URL, None if HTTPS else PORT, URL_PREFIX)
# Browsers take a cookie with this prefix only over HTTPS, and __Host- only from this host itself, for all its paths.
COOKIE_PREFIX = "" if not HTTPS else "__Secure-" if URL_PREFIX else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}diskboard_session{COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}diskboard_csrf{COOKIE_SUFFIX}"
LANGUAGE_COOKIE_NAME = f"diskboard_language{COOKIE_SUFFIX}"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = COOKIE_PATH

USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True

STATICFILES_DIRS = [BASE_DIR / "static"] if places.IS_CHECKOUT else []
STATIC_ROOT = VAR_DIR / "static" if places.IS_CHECKOUT else places.BUILT_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "dashboard.web.static_files.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# A form may select up to 1,000 disks or snapshots.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_100
# Such a form with the longest texts is smaller. There are no uploads: dashboard/wsgi.py refuses files.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_HANDLERS: list[str] = []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"

# They ask for HSTS beyond Diskboard's own host, which is for its operator to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "dashboard.error_pages.csrf_failure"
DEFAULT_EXCEPTION_REPORTER_FILTER = "dashboard.debugging.SecretFilter"

if HTTPS:
    SECURE_SSL_REDIRECT = True
    # The probes, also below a prefix
    SECURE_REDIRECT_EXEMPT = [r"(^|/)(healthz|readyz)/*$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS_INCLUDE_SUBDOMAINS
    SECURE_HSTS_PRELOAD = HSTS_PRELOAD
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "dashboard.logs.PrintableFormatter",
            "format": "{asctime} {levelname} {name} {request_id}: {message}",
            "style": "{",
        },
        "json": {"()": "dashboard.logs.JsonFormatter"},
        "bare": {"format": "{message}", "style": "{"},
    },
    "filters": {
        "without_traceback": {"()": "django.utils.log.CallbackFilter", "callback": without_traceback},
        "with_request_id": {"()": "django.utils.log.CallbackFilter", "callback": with_request_id},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_FORMAT == "json" else "line",
            "filters": ["without_traceback", "with_request_id"],
        },
        "audit": {
            "formatter": "bare",
            **(
                {"class": "logging.handlers.WatchedFileHandler", "filename": AUDIT_LOG, "encoding": "utf-8"}
                if AUDIT_LOG
                else {"class": "logging.StreamHandler"}
            ),
        },
    },
    "root": {"handlers": ["stderr"], "level": max(LOG_LEVEL, "WARNING", key=logging.getLevelName)},
    "loggers": {
        "dashboard": {"level": LOG_LEVEL},
        "dashboard.cloud.audit": {"handlers": ["audit"], "level": "INFO", "propagate": False},
        "volumes": {"level": LOG_LEVEL},
        # At DEBUG level these would log whole requests to the cloud, with tokens.
        "keystoneauth": {"level": "WARNING"},
        "cinderclient": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        # With DEBUG=1 this logger would write session keys.
        "django.db.backends": {"level": "WARNING"},
    },
}
