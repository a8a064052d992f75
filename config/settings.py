"""Every setting of Préau, read from the environment through `config.environment` alone."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config import environment as env

BASE_DIR = env.ROOT
MODE = env.text("PREAU_MODE", "demo")
if MODE not in env.MODES:
    raise ImproperlyConfigured(f"PREAU_MODE must be one of {', '.join(env.MODES)}.")
IS_DEMO = MODE == "demo"
IS_TEST = MODE == "test"
IS_PRODUCTION = MODE == "production"

# --- Security
SECRET_KEY = env.text("PREAU_SECRET_KEY") or ("" if IS_PRODUCTION else env.DEMO_SECRET_KEY)
DEBUG = env.flag("PREAU_DEBUG")
ALLOWED_HOSTS = env.words("PREAU_HOSTS", "" if IS_PRODUCTION else "*")
SITE_URL = env.text("PREAU_SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "preau.portal.errors.csrf_failure"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SECURE_SSL_REDIRECT = IS_PRODUCTION and env.flag("PREAU_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
# Whether the subdomains also answer by HTTPS alone is the domain's owner's to say, not ours.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("PREAU_HSTS_SUBDOMAINS")
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Applications: one line a room, from the ground up (docs/adr/0001)
ROOMS = [
    "preau.core",
    "preau.outside",
    "preau.territories",
    "preau.notifications",
    "preau.accounts",
    "preau.documents",
    "preau.conversations",
    "preau.resources",
    "preau.places",
    "preau.availability",
    "preau.pricing",
    "preau.agreements",
    "preau.directory",
    "preau.payments",
    "preau.access",
    "preau.booking",
    "preau.projects",
    "preau.find",
    "preau.desk",
    "preau.portfolio",
    "preau.initiatives",
    "preau.charters",
    "preau.mediation",
    "preau.capacity",
    "preau.timetables",
    "preau.siting",
    "preau.economics",
    "preau.connectors",
    "preau.mirrors",
    "preau.calendars",
    "preau.stats",
    "preau.api",
    "preau.portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    *ROOMS,  # before the libraries whose templates they replace
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "widget_tweaks",
    "dsfr",
]
MIDDLEWARE = [
    "preau.api.http.middleware.ProblemMiddleware",  # around those that may refuse
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "preau.core.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "preau.accounts.middleware.ActorMiddleware",
    "preau.accounts.middleware.PermissionMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "preau.core.context.site",
                "preau.accounts.context.actor",
            ],
            "builtins": [
                "preau.core.templatetags.ui",
                "preau.accounts.templatetags.perms",
            ],
        },
    }
]
FORM_RENDERER = "preau.core.renderer.Renderer"

# --- Database and tasks
VAR_DIR = Path(env.text("PREAU_VAR", str(BASE_DIR / "var")))
DATABASES = env.databases(
    embedded=f"postgresql://preau@/preau?host={VAR_DIR / 'run'}"  # the server of ops/
)
PROCRASTINATE_ON_APP_READY = None

# --- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# --- Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

# --- Look
THEME = env.text("PREAU_THEME", "dsfr")
# The manifest storage rewrites the files that the hashes are of.
DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_MARK_OPTIONAL_FIELDS = True
STATIC_URL = "/static/"
# What a demonstration gathered there, each test client would list again.
STATIC_ROOT = None if IS_TEST else VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "files"
S3_BUCKET = env.text("PREAU_S3_BUCKET")
STORAGES = {
    "default": {
        "BACKEND": "preau.documents.s3.ObjectStorage",
        "OPTIONS": {
            "bucket": S3_BUCKET,
            "endpoint": env.text("PREAU_S3_ENDPOINT"),
            "region": env.text("PREAU_S3_REGION"),
            "access_key": env.text("PREAU_S3_ACCESS_KEY"),
            "secret_key": env.text("PREAU_S3_SECRET_KEY"),
            "object_lock": env.flag("PREAU_S3_OBJECT_LOCK", default=True),
        },
    }
    if S3_BUCKET
    else {"BACKEND": "preau.documents.storage.AtomicFileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- E-mail
EMAIL_HOST = env.text("PREAU_SMTP_HOST")
EMAIL_PORT = env.number("PREAU_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("PREAU_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("PREAU_SMTP_PASSWORD")
EMAIL_USE_TLS = env.flag("PREAU_SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("PREAU_FROM", "Préau <ne-pas-repondre@preau.example>")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if IS_PRODUCTION
    else "preau.notifications.mailbox.MailboxBackend"  # e-mails are read in the site itself
)

# --- Who runs this site: named on the legal pages and in error pages
PUBLISHER = {
    "name": env.text("PREAU_PUBLISHER"),
    "address": env.text("PREAU_PUBLISHER_ADDRESS"),
    "director": env.text("PREAU_PUBLISHER_DIRECTOR"),
    "host": env.text("PREAU_PUBLISHER_HOST"),
    "email": env.text("PREAU_SUPPORT_EMAIL"),
    "phone": env.text("PREAU_SUPPORT_PHONE"),
}

# --- Outside services, off until configured
# Addresses that people type (calendars, webhooks) lead to public servers alone, by HTTPS; a trial
# has stand-ins on this very machine.
CALLS_PUBLIC_ONLY = IS_PRODUCTION
MAP_TILES_URL = env.text("PREAU_MAP_TILES_URL")
GEOCODER_URL = env.text("PREAU_GEOCODER_URL")
PAYFIP_URL = env.text("PREAU_PAYFIP_URL")
COMPANIES_URL = env.text("PREAU_COMPANIES_URL")
# Outside calendars that the demonstration invents, and follows.
DEMO_CALENDARS_URL = env.text("PREAU_DEMO_CALENDARS")
AIDES_TERRITOIRES = {
    "url": env.text("PREAU_AIDES_TERRITOIRES_URL", "https://aides-territoires.beta.gouv.fr/api"),
    "key": env.text("PREAU_AIDES_TERRITOIRES_KEY"),
}
# Used only by the organisations that chose it and gave their own key.
YOUSIGN_URL = env.text("PREAU_YOUSIGN_URL", "https://api.yousign.app/v3")
# Where organisations may open mirrors, each with its own key.
GRIST_HOSTS = env.words("PREAU_GRIST_HOSTS")
# Doors: each organisation gives its own account; the broker of Zigbee gateways is the site's.
MQTT_URL = env.text("PREAU_MQTT_URL")
NUKI_URL = env.text("PREAU_NUKI_URL", "https://api.nuki.io")
TTLOCK_URL = env.text("PREAU_TTLOCK_URL", "https://euapi.ttlock.com")
IGLOOHOME_URL = env.text("PREAU_IGLOOHOME_URL", "https://api.igloodeveloper.co/igloohome")
IGLOOHOME_AUTH_URL = env.text("PREAU_IGLOOHOME_AUTH_URL", "https://auth.igloohome.co")
PROCONNECT = {
    "issuer": env.text("PREAU_PROCONNECT_ISSUER"),
    "client_id": env.text("PREAU_PROCONNECT_CLIENT_ID"),
    "client_secret": env.text("PREAU_PROCONNECT_CLIENT_SECRET"),
    "levels": env.words("PREAU_PROCONNECT_ACR", "eidas1,eidas1-mfa,eidas2,eidas3"),
}
FRANCECONNECT = {
    "issuer": env.text("PREAU_FRANCECONNECT_ISSUER"),
    "client_id": env.text("PREAU_FRANCECONNECT_CLIENT_ID"),
    "client_secret": env.text("PREAU_FRANCECONNECT_CLIENT_SECRET"),
    "levels": env.words("PREAU_FRANCECONNECT_ACR", "eidas1,eidas2,eidas3"),
}

# Root of Démarche numérique (https://demarche.numerique.gouv.fr), without a final slash.
DEMARCHES_URL = env.text("PREAU_DEMARCHES_URL").rstrip("/")

# --- Seal of documents and time-stamps; without a certificate, those of the trial authority
SEAL = {
    "key": env.text("PREAU_SEAL_KEY_FILE"),
    "passphrase": env.text("PREAU_SEAL_KEY_PASSPHRASE"),
    "certificate": env.text("PREAU_SEAL_CERT_FILE"),
    "chain": env.text("PREAU_SEAL_CHAIN_FILE"),
    "former": env.text("PREAU_SEAL_FORMER_CERTS_FILE"),
}
TSA = {
    "url": env.text("PREAU_TSA_URL"),
    "user": env.text("PREAU_TSA_USER"),
    "password": env.text("PREAU_TSA_PASSWORD"),
    "chain": env.text("PREAU_TSA_CHAIN_FILE"),
}

# --- Logs: no personal data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refusals": {"()": "preau.core.logs.RefusalsInOneLine"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals"],
        }
    },
    # Whole addresses, at INFO: those of calendars and dossiers hold secrets.
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "httpcore")},
    "root": {"handlers": ["console"], "level": env.text("PREAU_LOG_LEVEL", "WARNING")},
}

from config.allauth import *  # noqa: E402, F403

if IS_PRODUCTION:
    env.refuse_unsafe_production(globals())
