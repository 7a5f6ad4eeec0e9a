"""Django settings, the same everywhere; what differs between installations comes from config/env.py."""

from pathlib import Path

from django.utils.csp import CSP

from config.entries import database_settings, mailer_settings, owner_settings, sign_in_providers
from config.env import ENV

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = [ENV.secret_key_before] if ENV.secret_key_before else []
PUBLIC_DOMAIN = ENV.public_domain
PUBLIC_SCHEME = "http" if DEBUG else "https"
PUBLIC_PORT_SUFFIX = f":{ENV.port}" if DEBUG else ""
ALLOWED_HOSTS = ["*"]  # networks have domains of their own: NetworkMiddleware asks the database which hosts are ours
HOST_CACHE_SECONDS = 5
CERTIFICATE_NETWORKS = ["127.0.0.0/8", "::1/128", *([ENV.certificate_network] if ENV.certificate_network else [])]
DNS_RESOLVER = ENV.dns_resolver
NOTE_ACTIVITY = True  # one small UPDATE in ten minutes for each process and network

# Schemas -------------------------------------------------------------------------------------------------------------
# Each kind of schema has its own apps and URLs. audit and mail are in every kind, with a table of another name in
# public (tenants/routers.py).
SHARED = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_tenants",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "tenants",
    "shared_apps.core",
    "shared_apps.monitoring",
    "shared_apps.jobs",
    "shared_apps.api",
    "shared_apps.audit",
    "shared_apps.mail",
    "shared_apps.schools",
    "shared_apps.accounts",
    "shared_apps.billing",
    "shared_apps.domains",
    "shared_apps.grants",
    "shared_apps.requests",
    "shared_apps.operator",
    "shared_apps.closing",
    "config",
]
IN_EVERY_SCHEMA = ["shared_apps.audit", "shared_apps.mail"]
NETWORK_APPS = [
    "tenant_apps.members",
    "tenant_apps.notifications",
    "tenant_apps.moderation",
    "tenant_apps.files",
    "tenant_apps.portability",
    "tenant_apps.sharing",
    "tenant_apps.suppliers",
    "tenant_apps.discussions",
    "tenant_apps.setup",
    "tenant_apps.search",
    "tenant_apps.plan",
    "tenant_apps.support",
    "tenant_apps.farewell",
    "tenant_apps.address",
    "tenant_apps.home",
]
COLLECTIVE_APPS = ["collective.publications", "collective.index", "collective.portal"]

TENANT_TYPES = {
    "public": {"APPS": SHARED, "URLCONF": "config.urls.platform"},
    "network": {"APPS": [*IN_EVERY_SCHEMA, *NETWORK_APPS], "URLCONF": "config.urls.network"},
    "collective": {"APPS": [*IN_EVERY_SCHEMA, *COLLECTIVE_APPS], "URLCONF": "config.urls.collective"},
}
INSTALLED_APPS = [*SHARED, *COLLECTIVE_APPS, *NETWORK_APPS]

HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "type"
TENANT_MODEL = "tenants.Network"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_SYNC_ROUTER = "tenants.routers.SchemaRouter"
EXTRA_SET_TENANT_METHOD_PATH = "tenants.context.note_schema"
TENANT_LIMIT_SET_CALLS = True  # one SET search_path a switch, not one a query: +2 % a request against +80 %
ROOT_URLCONF = "config.urls.platform"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
DATABASES = {"default": database_settings(ENV)}
DATABASE_OWNER = owner_settings(ENV)  # tenants/roles.py; web servers have none
DRILL_DATABASE_URL = ENV.drill_database_url
DATABASE_APP_ROLE = DATABASES["default"]["USER"]
CITUS = ENV.citus
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Requests ------------------------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "shared_apps.core.middleware.HealthMiddleware",
    "tenants.middleware.CertificateMiddleware",
    "shared_apps.monitoring.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tenants.middleware.OwnDomainMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "tenants.middleware.NetworkMiddleware",
    "shared_apps.accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenant_apps.members.middleware.MemberMiddleware",
    "shared_apps.accounts.middleware.SecondStepMiddleware",
    "tenant_apps.support.middleware.SupportMiddleware",
    "tenant_apps.members.middleware.ReadOnlyMiddleware",
    "shared_apps.core.middleware.OwnNotFoundMiddleware",
]
READINESS_CHECKS = {  # what /readyz asks
    "database": "shared_apps.core.health.is_database_there",
    "migrations": "shared_apps.core.health.are_migrations_applied",
    "worker": "shared_apps.jobs.selectors.is_worker_alive",
}
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_proxy else None
SECURE_HSTS_SECONDS = 0 if DEBUG else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_HANDLERS = [
    "tenant_apps.files.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["shared_apps.core.templatetags.sbm"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# People --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Cookies are host-only, so one network's is never sent to another; in production the browser enforces it (__Host-).
COOKIE_PREFIX = "" if DEBUG else "__Host-"
SESSION_ENGINE = "shared_apps.accounts.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = not DEBUG
CSRF_FAILURE_VIEW = "shared_apps.core.views.csrf_failure"

# allauth: by password and by emailed code, on each host; nobody signs up by themselves. Its limits are kept in the
# `default` cache and count the same for known and unknown addresses.
AUTHENTICATION_BACKENDS = ["shared_apps.accounts.backends.HostBackend"]
ACCOUNT_ADAPTER = "shared_apps.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account starts without a password, so its first sign-in is by emailed code
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 60 * 60  # longer than a code lives, so that one too late can be told so
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/m/key,15/h/key",
    "reset_password": "20/m/ip,3/m/key,15/h/key",
    "login_failed": "20/m/ip,10/10m/key",
    "start_network": "20/h/ip,3/h/key",  # asking for a network; a school is one address
    "provider": "60/m/ip",  # a school is one address
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

# A second step: authenticator app, passkeys, recovery codes. Owners and operators must have one, after a while in which
# they are told; not in development, where the demo's sign-ins are known to everybody.
SECOND_STEP_REQUIRED = not DEBUG
SECOND_STEP_GRACE_DAYS = 14
MFA_ADAPTER = "shared_apps.accounts.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "SBM Collective"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # http://birmingham.localhost is no origin that the library knows
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # a school is one address

# Google and Microsoft, on the platform's host alone: allauth's OpenID Connect, with what only the environment names.
SIGN_IN_PROVIDERS = sign_in_providers(ENV)
SOCIALACCOUNT_ADAPTER = "shared_apps.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENV.behind_proxy else 0

# API: bearer tokens alone, JSON alone, problems (RFC 9457), signed cursors -------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["shared_apps.api.rest.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["shared_apps.api.permissions.HasToken"],
    "DEFAULT_PARSER_CLASSES": ["shared_apps.api.rest.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "shared_apps.api.rest.pagination.SignedCursorPagination",
    "DEFAULT_THROTTLE_CLASSES": [
        "shared_apps.api.rest.throttles.TokenThrottle",
        "shared_apps.api.rest.throttles.WriteThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"token": "600/min", "write": "120/min", "stranger": "60/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "shared_apps.api.rest.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SBM Collective",
    "VERSION": "v1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shared_apps.api.rest.openapi.add_problems",
        "shared_apps.api.rest.openapi.add_idempotency",
    ],
}

# Caches: `default` is the platform's, for limits; `network` carries the schema and is the one product code uses -------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},  # Django's 300 would throw limits away that are still counting
    },
    "network": {
        "BACKEND": "tenants.cache.NetworkCache",
        "LOCATION": "network",
        "TIMEOUT": 60,
    },
}

# Jobs and email ------------------------------------------------------------------------------------------------------
TASKS = {
    "default": {"BACKEND": "shared_apps.jobs.backend.JobBackend", "OPTIONS": {"id_function": "tenants.ids.new_id"}}
}
MAILERS = {"default": mailer_settings(ENV)}
EMAIL_FROM_ADDRESS = ENV.email_from
MAIL_PORT, LMTP_PORT = ENV.mail_port, ENV.lmtp_port
ANYMAIL_INBOUND, ANYMAIL_TRACKING = ENV.anymail_inbound, ENV.anymail_tracking
ANYMAIL = {
    "WEBHOOK_SECRET": ENV.anymail_webhook_secret,
    "MAILGUN_WEBHOOK_SIGNING_KEY": ENV.anymail_mailgun_webhook_signing_key,
}

# Payments ------------------------------------------------------------------------------------------------------------
STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY = ENV.stripe_secret_key, ENV.stripe_publishable_key
STRIPE_WEBHOOK_SECRET, STRIPE_API_BASE = ENV.stripe_webhook_secret, ENV.stripe_api_base  # no base: Stripe's own
INVOICE_SELLER, INVOICE_BANK = ENV.invoice_seller.split(";"), ENV.invoice_bank.split(";")

# Files, words, times -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".run" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = ENV.media_root
BACKUP_DAYS = ENV.backup_days
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Logs and figures ----------------------------------------------------------------------------------------------------
TRUST_REQUEST_ID = ENV.behind_proxy  # the proxy's X-Request-Id is taken over
SLOW_QUERY_SECONDS = ENV.slow_query_ms / 1000
METRICS_TOKEN = ENV.metrics_token
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "shared_apps.monitoring.lines.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain" if DEBUG else "json"}},
    "root": {"handlers": ["console"], "level": "INFO" if not DEBUG else "WARNING"},
    "loggers": {
        "django": {"handlers": []},  # Django's own handlers would say everything twice
        "django.request": {"level": "ERROR"},  # our own line says what was not found or refused
        "sbm": {"level": "INFO"},
    },
}
if ENV.sentry_dsn:
    from config.errors import report_to  # slow to load, so only where it is used

    report_to(ENV.sentry_dsn)
