"""Django's settings; every one that an operator may change comes from the environment."""

from __future__ import annotations

from pathlib import Path

from wordmouth.project import environment as env
from wordmouth.project import sqlite

sqlite.prefer_newest()

DATA = env.data_folder()
SECRET_KEY = env.secret(DATA)
DEBUG = False
DEMO = env.flag("WORDMOUTH_DEMO")
HOST = env.text("WORDMOUTH_HOST", "127.0.0.1")
PORT = env.number("WORDMOUTH_PORT", 8000, 1, 65535)
SITE_URL = env.text("SITE_URL", f"http://{HOST}:{PORT}").rstrip("/")
PROXY_HOPS = env.number("WORDMOUTH_PROXY_HOPS", 0, 0, 10)
ALLOW_PRIVATE_SHOPS = env.flag("WORDMOUTH_ALLOW_PRIVATE_SHOPS", DEMO)

ALLOWED_HOSTS = ["*"]
DATABASES = {"default": env.database(env.text("DATABASE_URL"), DATA)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False

ROOMS = [
    "stores",
    "inbox",
    "outbox",
    "people",
    "catalog",
    "orders",
    "ledger",
    "programs",
    "experiments",
    "advocates",
    "visits",
    "referrals",
    "rewards",
    "fulfilment",
    "payouts",
    "messages",
    "api",
    "storefront",
    "dashboard",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *(f"wordmouth.{room}.apps.RoomConfig" for room in ROOMS),
    "wordmouth.project.apps.ProjectConfig",
    *(["wordmouth_demo"] if DEMO else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "wordmouth.project.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_NAME = "wordmouth"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https:")
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https:") else []
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
LOGIN_URL = "/desk/login"
LOGIN_REDIRECT_URL = "/desk"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MAIL_HOST = env.text("WORDMOUTH_SMTP_HOST", "127.0.0.1")
MAIL_PORT = env.number("WORDMOUTH_SMTP_PORT", 25, 1, 65535)
MAIL_USER = env.text("WORDMOUTH_SMTP_USER")
MAIL_PASSWORD = env.text("WORDMOUTH_SMTP_PASSWORD")
MAIL_STARTTLS = env.flag("WORDMOUTH_SMTP_STARTTLS")
MAIL_FROM = env.text("WORDMOUTH_MAIL_FROM", "Wordmouth <referrals@localhost>")
METRICS_TOKEN = env.text("WORDMOUTH_METRICS_TOKEN")

if DEMO:
    from wordmouth.project import demo

    WORDMOUTH_DEMO_SHOP = demo.shop

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = None
