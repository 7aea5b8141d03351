"""Settings of one Colisage installation.

Everything that differs between machines comes from the environment or the data directory
(`colisage.config.place`); the rest is the same everywhere.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.config.place import place

HERE = place()
DEBUG = os.environ.get("COLISAGE_DEBUG") == "1"
SECRET_KEY = HERE.secret_key
COLISAGE_DATA_DIR = Path(HERE.data_dir)
COLISAGE_PACKAGE = Path(__file__).resolve().parent.parent


def database(url: str, *, role: str) -> dict[str, Any]:
    """Turn a `postgresql://` URL into Django's database setting, acting as `role` when one is named.

    The role is the first wall of row-level security: a web process connects as `colisage_web`, which sees
    nothing until a request says for whom it asks.
    """
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    # Parameters travel apart from the statement, which the server then plans once for many executions.
    options: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}
    if role:
        options["options"] = f"-c role={role}"
    if role == "colisage_web":
        options["pool"] = {"min_size": 1, "max_size": int(os.environ.get("COLISAGE_POOL", "12")), "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "colisage",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if "pool" in options else 600,
        "CONN_HEALTH_CHECKS": True,  # a database that was started again is noticed before a request fails
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL", "postgresql://colisage@localhost/colisage"),
        role=os.environ.get("COLISAGE_DB_ROLE", ""),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STEPS = [  # in the order of the ladder, the lowest first
    "kit",
    "ui",
    "people",
    "network",
    "catalog",
    "carriers",
    "inventory",
    "boxing",
    "inbound",
    "orders",
    "intake",
    "sourcing",
    "picking",
    "packing",
    "shipping",
    "tracking",
    "returns",
    "disruptions",
    "automation",
    "notices",
    "connectors",
    "desk",
    "portal",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    *[f"colisage.{step}" for step in STEPS if (COLISAGE_PACKAGE / step / "apps.py").exists()],
    "colisage.config",
]

MIDDLEWARE = [
    "colisage.kit.heads.Heads",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "colisage.kit.csp.ContentSecurityPolicy",
    "colisage.kit.rehearsal.Rehearsals",
    "axes.middleware.AxesMiddleware",
    "colisage.people.middleware.WallMiddleware",
]
ROOT_URLCONF = "colisage.config.urls"
ASGI_APPLICATION = "colisage.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "colisage.people.context.whose",
            ],
            "builtins": ["colisage.ui.templatetags.ui"],
        },
    }
]

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "log-in"
LOGIN_REDIRECT_URL = "first"
LOGOUT_REDIRECT_URL = "log-in"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "colisage.people.queries.login_name"
AXES_IPWARE_PROXY_COUNT = int(os.environ.get("COLISAGE_PROXIES", "0"))
AXES_VERBOSE = False

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
COLISAGE_HTTPS = os.environ.get("COLISAGE_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = COLISAGE_HTTPS
SECURE_SSL_REDIRECT = COLISAGE_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if COLISAGE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = COLISAGE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if COLISAGE_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLOWED_HOSTS = os.environ.get("COLISAGE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
COLISAGE_URL = os.environ.get("COLISAGE_URL", "http://127.0.0.1:8000")
DATA_UPLOAD_MAX_MEMORY_SIZE = 25_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

EMAIL_BACKEND = os.environ.get("COLISAGE_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("COLISAGE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("COLISAGE_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("COLISAGE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("COLISAGE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("COLISAGE_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 15
# A server takes no mail from a name that is not its own: the address we log in with, or one of our own host.
DEFAULT_FROM_EMAIL = os.environ.get("COLISAGE_SMTP_FROM") or (
    EMAIL_HOST_USER if "@" in EMAIL_HOST_USER else f"colisage@{urlsplit(COLISAGE_URL).hostname}"
)

COLISAGE_NO_DEMO = "no-demo"  # this file in the data directory: whoever removed the demo does not want it back
COLISAGE_JOURNEY = "colisage.journey.JOURNEY"
COLISAGE_AFTER = "colisage.journey.AFTER"
COLISAGE_NAV: list[dict[str, Any]] = [
    {"label": _("Today"), "url": "today"},
    {"label": _("Floor"), "url": "floor", "roles": ("receiver", "picker", "packer")},
    {"label": _("Orders"), "url": "orders"},
    {"label": _("Stock"), "url": "stock"},
    {"label": _("Receiving"), "url": "receiving"},
    {"label": _("Picking"), "url": "picking"},
    {"label": _("Packing"), "url": "packing"},
    {"label": _("Shipping"), "url": "shipping"},
    {"label": _("Returns"), "url": "returns"},
    {"label": _("Settings"), "url": "settings"},
]
COLISAGE_SUBNAV: dict[str, list[dict[str, Any]]] = {  # the pages of one place, as tabs; of a place with many, in groups
    "orders": [
        {"label": _("Orders"), "url": "orders"},
        {"label": _("Holds"), "url": "holds"},
        {"label": _("Disruptions"), "url": "disruptions"},
        {"label": _("Whose turn it is"), "url": "turns"},
        {"label": _("Imports"), "url": "imports"},
        {"label": _("Rules"), "url": "rules"},
        {"label": _("Duplicates and risk"), "url": "watch"},
    ],
    "stock": [
        {
            "label": _("Quantities"),
            "pages": [
                {"label": _("By SKU"), "url": "stock"},
                {"label": _("Availability"), "url": "availability"},
                {"label": _("Kits"), "url": "kits"},
            ],
        },
        {
            "label": _("Traceability"),
            "pages": [
                {"label": _("Lots"), "url": "lots"},
                {"label": _("Trace and recall"), "url": "recall-find"},
                {"label": _("EPCIS"), "url": "events"},
            ],
        },
        {
            "label": _("Warehouse"),
            "pages": [
                {"label": _("Warehouse plan"), "url": "stock-plan"},
                {"label": _("Licence plates"), "url": "plates"},
                {"label": _("Labels"), "url": "labels"},
            ],
        },
        {
            "label": _("Counts"),
            "pages": [
                {"label": _("To count"), "url": "counts"},
                {"label": _("Counts done"), "url": "count-log"},
                {"label": _("Plans"), "url": "count-plans", "roles": ("manager",)},
                {"label": _("Accuracy and shrinkage"), "url": "count-numbers"},
                {"label": _("RFID"), "url": "tag-reads"},
            ],
        },
    ],
    "receiving": [
        {
            "label": _("Deliveries"),
            "pages": [
                {"label": pgettext_lazy("deliveries", "Expected"), "url": "receiving"},
                {"label": pgettext_lazy("deliveries", "Announced"), "url": "announcements"},
                {"label": pgettext_lazy("deliveries", "Received"), "url": "deliveries"},
                {"label": _("Set aside"), "url": "exceptions"},
            ],
        },
        {
            "label": _("Purchasing"),
            "pages": [
                {"label": _("Purchase orders"), "url": "purchases"},
                {"label": _("Suppliers"), "url": "suppliers"},
                {"label": _("Supplier returns"), "url": "supplier-returns"},
                {"label": _("Consigned stock"), "url": "consigned"},
            ],
        },
        {
            "label": _("In house"),
            "pages": [
                {"label": _("Transfers"), "url": "transfers"},
                {"label": _("Own production"), "url": "productions"},
            ],
        },
        {
            "label": _("Rules"),
            "pages": [
                {"label": _("Put-away rules"), "url": "putaway-rules"},
                {"label": _("Inspection lists"), "url": "checklists"},
            ],
        },
    ],
}
COLISAGE_ORDER_FORMATS = [
    "colisage.connectors.shopify.orders_csv.ShopifyOrders",
    "colisage.connectors.woocommerce.orders_csv.WooCommerceOrders",
    "colisage.connectors.online_retail.orders.OnlineRetailOrders",
    "colisage.connectors.plain_csv.orders.PlainOrders",
]

# Who waits for goods, by the kind of owner of a promise: the dock names them.
COLISAGE_OWNERS = {"order_line": "colisage.orders.queries.numbers_of_lines"}
# Who looks at goods: the page of a lot shows what was found.
COLISAGE_LOT_FINDINGS = ["colisage.inbound.queries.inspections.findings_of_lot"]

# Connectors by name: an operator's carrier account says which one buys its labels; without an account they are ours.
COLISAGE_CARRIERS = {"carrier_sim": "colisage.connectors.carrier_sim.carrier.SimulatedCarrier"}
COLISAGE_TAG_READERS = {"llrp": "colisage.connectors.llrp.reader.LlrpReader"}
# What one key may ask for: so many requests a second, and so many at once after a rest. Orders posted count apart.
COLISAGE_API_PER_SECOND = float(os.environ.get("COLISAGE_API_PER_SECOND", "50"))
COLISAGE_API_BURST = float(os.environ.get("COLISAGE_API_BURST", "500"))
COLISAGE_INTAKE_PER_SECOND = float(os.environ.get("COLISAGE_INTAKE_PER_SECOND", "10000"))
COLISAGE_INTAKE_BURST = float(os.environ.get("COLISAGE_INTAKE_BURST", "20000"))
COLISAGE_API = "colisage.config.api.api"  # what the page of the reference describes
COLISAGE_METERS_SHARED_SECONDS = 1.0  # how often the processes tell each other

COLISAGE_COURIER = "colisage.connectors.webhooks.client.WebhookCourier"
COLISAGE_SHOPS_INSIDE = os.environ.get("COLISAGE_SHOPS_INSIDE") == "1"  # shops may stand in our own network
COLISAGE_WEBHOOKS_INSIDE = os.environ.get("COLISAGE_WEBHOOKS_INSIDE") == "1"  # also to private addresses, over http
COLISAGE_TRACKING = {"carrier_sim": "colisage.connectors.carrier_sim.webhooks.SimulatedMessages"}

# Kinds of shops orders come from: each reads their messages, asks them and tells them.
COLISAGE_CHANNELS = {
    "shopify": "colisage.connectors.shopify.channel.Shopify",
    "woocommerce": "colisage.connectors.woocommerce.channel.WooCommerce",
    "custom_store": "colisage.connectors.custom_store.channel.CustomStore",
    "prestashop": "colisage.connectors.prestashop.channel.PrestaShop",
    "amazon": "colisage.connectors.amazon.channel.Amazon",
    "edi": "colisage.connectors.edi.channel.Edi",
}

# Kinds of files whose refused rows are kept, corrected and sent again.
COLISAGE_FILES = {
    "orders": "colisage.intake.actions.take_rows.ORDERS",
    "skus": "colisage.catalog.actions.take_rows.SKUS",
    "announcements": "colisage.inbound.actions.take_rows.ANNOUNCEMENTS",
    "safety": "colisage.inventory.actions.take_rows.SAFETY",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("COLISAGE_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
