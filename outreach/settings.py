"""Settings, read from the environment. See .env.example for each name; bin/* starts servers and fills in the rest."""

import os
from pathlib import Path

import environ

from outreach.content_sources import CONTENT_SOURCES
from outreach.embedded.place import data_folder
from outreach.environment import database, keys, required
from outreach.logs import configure_logging

BASE_DIR = Path(__file__).resolve().parents[1]
VAR = data_folder()
env = environ.Env()

# --- Who we are -------------------------------------------------------------------------------------------------
SECRET_KEY = required("SECRET_KEY")
FIELD_ENCRYPTION_KEYS = keys("FIELD_ENCRYPTION_KEYS")
BLIND_INDEX_KEYS = keys("BLIND_INDEX_KEYS")
EMBEDDED = "OUTREACH_EMBEDDED_SERVERS" in os.environ
DEBUG = env.bool("OUTREACH_DEBUG", default=False)
HTTPS = env.bool("OUTREACH_HTTPS", default=True)
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS if EMBEDDED else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address the public and the SMS gateway use; webhook signatures are checked against it.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000" if EMBEDDED else "").rstrip("/")

INSTALLED_APPS = [
    "outreach.embedded",
    "outreach.schedule",
    "outreach.clock",
    "outreach.privacy",
    "outreach.access",
    "outreach.audit",
    "outreach.messaging",
    "outreach.design",
    "outreach.health",
    "registry",
    "popup_sites",
    "campaigns",
    "reports",
    "outreach.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",  # its templates, for the form renderer
    "allauth",
    "allauth.account",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "import_export",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "outreach.access.middleware.ActorMiddleware",
    "outreach.access.middleware.DataContextMiddleware",  # last: it answers from process_view
]
ROOT_URLCONF = "outreach.urls"
WSGI_APPLICATION = "outreach.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "outreach.navigation.frame",
            ],
        },
    }
]

FORM_RENDERER = "outreach.design.renderer.DesignRenderer"

# --- Database and broker ----------------------------------------------------------------------------------------
PROCESS = env.str("OUTREACH_PROCESS", default="command")  # web, worker, beat or command

DATABASES = {"default": database("DATABASE_URL", PROCESS)}
if os.environ.get("DATABASE_OWNER_URL"):
    # The same database as the role that owns the tables: migrations and maintenance only.
    DATABASES["owner"] = database("DATABASE_OWNER_URL", PROCESS) | {"CONN_MAX_AGE": 0}

REDIS_URL = required("REDIS_URL")
CACHES = {
    # The log-in's throttle counts here. In the database, so that it neither fails nor opens with the broker (F22).
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_throttle",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- Log-in, sessions, cookies ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False

_HOST = "__Host-" if HTTPS else ""  # a browser takes __Host- names over https only
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # F22: log-in works without the broker
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_NAME = f"{_HOST}session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # the idle limit is outreach.access.middleware's
CSRF_COOKIE_NAME = f"{_HOST}csrf"
LANGUAGE_COOKIE_NAME = f"{_HOST}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Transport and headers --------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^live$", r"^ready$"]  # asked from inside, over http
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("OUTREACH_BEHIND_PROXY", default=False):
    # Only with a proxy that overwrites these headers.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CONTENT_SECURITY_POLICY = {"DIRECTIVES": CONTENT_SOURCES}

# --- Language, time, files --------------------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Tests read the built files where they are; everything else serves the collected, hashed, compressed ones.
HASHED_STATIC_FILES = env.bool("OUTREACH_HASHED_STATIC_FILES", default=True)
WHITENOISE_USE_FINDERS = not HASHED_STATIC_FILES
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC_FILES
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
UPLOAD_ROOT = Path(env.str("UPLOAD_ROOT", default=str(VAR / "uploads")))
MEDIA_ROOT = UPLOAD_ROOT  # never served
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 200 * 1024**2
UPLOAD_MAX_UNPACKED_BYTES = 400 * 1024**2
UPLOAD_MAX_RATIO = 100
UPLOAD_MAX_ENTRIES = 1000
UPLOAD_MAX_ROWS = 2_000_000
# A virus scanner to run on each received file, as words: exit code 0 is clean, 1 infected. None is installed with us.
UPLOAD_SCANNER = env.str("UPLOAD_SCANNER", default="").split()
# Where lists may be laid instead of uploaded: <folder>/<municipality code>/ind.
DROP_FOLDER = Path(env.str("OUTREACH_DROP_FOLDER", default=str(VAR / "drop")))
DROP_FOLDER_QUIET_SECONDS = env.int("DROP_FOLDER_QUIET_SECONDS", default=60)
# How long a raw file is kept after its list has ended (L6).
RAW_FILE_DAYS = env.int("RAW_FILE_DAYS", default=30)
# How long what was done for a citizen is kept, each by its purpose (A5; decision 0013). Rows of lists in use; words of
# messages and replies; talks with the health adviser; attempts, answers, bookings and letters after the case ended;
# closed follow-ups, so that nobody is asked twice (L8); citizens who died or left.
LIST_ROW_DAYS = env.int("LIST_ROW_DAYS", default=365)
MESSAGE_DAYS = env.int("MESSAGE_DAYS", default=365)
HEALTH_TALK_DAYS = env.int("HEALTH_TALK_DAYS", default=180)
CONTACT_DAYS = env.int("CONTACT_DAYS", default=730)
FOLLOW_UP_DAYS = env.int("FOLLOW_UP_DAYS", default=1825)
GONE_CITIZEN_DAYS = env.int("GONE_CITIZEN_DAYS", default=730)

# Counts below this are hidden in every table another organisation may see (D4).
DISCLOSURE_MINIMUM = env.int("DISCLOSURE_MINIMUM", default=10)

# --- Text messages ----------------------------------------------------------------------------------------------
SMS_GATEWAY = env.str("SMS_GATEWAY", default="console")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
# One of the two, or neither: then the municipality's own name is the sender, which nobody can answer.
TWILIO_MESSAGING_SERVICE_SID = env.str("TWILIO_MESSAGING_SERVICE_SID", default="")
TWILIO_FROM = env.str("TWILIO_FROM", default="")
TWILIO_API_URL = env.str("TWILIO_API_URL", default="")  # a regional edge, instead of https://api.twilio.com
TWILIO_PROXY = env.str("TWILIO_PROXY", default="")
SMS_THREADS = env.int("SMS_THREADS", default=40)  # requests at a time, in each worker process
# What the sender may do, in SMS parts a second over all workers; 0: as fast as the gateway takes them.
SMS_PER_SECOND = env.float("SMS_PER_SECOND", default=10.0 if SMS_GATEWAY == "twilio" else 0.0)
SMS_FAILURES_IN_A_ROW = env.int("SMS_FAILURES_IN_A_ROW", default=5)  # then the line pauses
SMS_PROBE_SECONDS = env.int("SMS_PROBE_SECONDS", default=60)  # and one message tries again after this

# --- Programming interface --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Closed unless a view says how one gets in (outreach.access.api): no session counts, so no other site can use one.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_RATES": {"api-read": "120/min", "api-write": "30/min", "api-stranger": "20/min"},
    "NUM_PROXIES": 1 if env.bool("OUTREACH_BEHIND_PROXY", default=False) else 0,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Opsøg",
    "VERSION": "1",
    "COMPONENT_SPLIT_REQUEST": True,  # a file goes in as bytes
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # those are for who reads the code, in English
}

# --- Logs -------------------------------------------------------------------------------------------------------
LOGGING = configure_logging(env.str("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # addresses of citizens' relatives and staff stay out
DJANGO_STRUCTLOG_CELERY_ENABLED = True
