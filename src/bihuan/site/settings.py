"""Settings. What differs between two offices comes from the environment or the data folder.

BIHUAN_DATA          folder for the database, uploaded files and the secret key
BIHUAN_DATABASE_URL  postgresql://user:password@host:port/name; SQLite in the data folder if unset
BIHUAN_HOSTS         host names under which the site is reached, separated by commas
BIHUAN_HTTPS         "1" where a proxy in front serves HTTPS: cookies are then sent over HTTPS only
BIHUAN_EXECUTOR      where long computations run: threads (default), processes, dask:ADDRESS, ray
BIHUAN_LARGEST_MB    largest file that may be uploaded, in MB (default 50)
BIHUAN_SESSION_IDLE  minutes without a click after which one must sign in again (default 60)
BIHUAN_SMTP_URL      smtp://user:password@host:port for reminders by mail (smtps:// for TLS from the
                     start, smtp+starttls:// for STARTTLS); no mail is sent if unset
BIHUAN_MAIL_FROM     sender's address of these mails; no mail is sent if unset
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = PACKAGE.parents[1]


def _data_folder() -> Path:
    """Told by BIHUAN_DATA; else `data` in a source checkout, else the user's data folder."""
    if told := os.environ.get("BIHUAN_DATA"):
        return Path(told).expanduser().resolve()
    if (_CHECKOUT / "pyproject.toml").exists():
        return _CHECKOUT / "data"
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "bihuan"


def _secret_key(folder: Path) -> str:
    """Made once for each data folder, readable by its owner only, never in the source."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _database(url: str, folder: Path) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "bihuan.sqlite3",
            # Opening a file of so many tables costs more than most requests: threads keep theirs.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # Writers queue at the start of a transaction instead of failing in the middle.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # recursive_triggers: INSERT OR REPLACE must not slip past the delete triggers.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATA = _data_folder()
SECRET_KEY = os.environ.get("BIHUAN_SECRET_KEY") or _secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
    if host.strip()
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "bihuan.ui",
    "bihuan.audit",
    "bihuan.people",
    "bihuan.days",
    "bihuan.files",
    "bihuan.jobs",
    "bihuan.ballots",
    "bihuan.roads",
    "bihuan.fleet",
    "bihuan.facts",
    "bihuan.ledger",
    "bihuan.press",
    "bihuan.assessment",
    "bihuan.meetings",
    "bihuan.reviews",
    "bihuan.projects",
    "bihuan.designs",
    "bihuan.winter",
    "bihuan.snow",
    "bihuan.site",
]
MIDDLEWARE = [
    "bihuan.ui.middleware.stay_home",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bihuan.people.middleware.signed_in",
    "django.contrib.messages.middleware.MessageMiddleware",
    "bihuan.people.middleware.password_first",
    "bihuan.ui.middleware.Refusals",
]
ROOT_URLCONF = "bihuan.site.urls"
WSGI_APPLICATION = "bihuan.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "bihuan.site.context.house",
            ],
        },
    },
]

DATABASES = {"default": _database(os.environ.get("BIHUAN_DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]
LOGIN_URL = "people:sign-in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
# Files are served from the package itself: nothing has to be collected before the first start.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300  # an update is seen soon; unchanged files are answered by 304

_https = os.environ.get("BIHUAN_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "bihuan.site.faults.csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SESSION_IDLE = int(os.environ.get("BIHUAN_SESSION_IDLE", "60"))  # minutes
LARGEST_FILE = int(os.environ.get("BIHUAN_LARGEST_MB", "50")) * 1024 * 1024
FILES_FOLDER = DATA / "files"
BALLOTS_FOLDER = DATA / "ballots"
# Not the system's temporary folder, which is often held in memory.
FILE_UPLOAD_TEMP_DIR = FILES_FOLDER / "incoming"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",  # whole requests up to 2.5 MB
    "bihuan.files.intake.LimitedUpload",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
EXECUTOR = os.environ.get("BIHUAN_EXECUTOR", "threads")

# Mail is off unless both are told: then reminders stand on the page only.
DEFAULT_FROM_EMAIL = os.environ.get("BIHUAN_MAIL_FROM", "")
_smtp = urlsplit(os.environ.get("BIHUAN_SMTP_URL", ""))
SENDS_MAIL = bool(_smtp.hostname and DEFAULT_FROM_EMAIL)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'dummy'}.EmailBackend"
EMAIL_HOST = _smtp.hostname or ""
EMAIL_PORT = _smtp.port or {"smtps": 465, "smtp+starttls": 587}.get(_smtp.scheme, 25)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 20  # seconds

# Requests are not logged at all: an access log is one more place where a code could be read.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "bihuan": {"handlers": ["stderr"], "level": "INFO"},
    },
}
