"""Every address of the installation: each step brings its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from colisage.config.api import api, nowhere

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", nowhere),
    path("api/v1/", api.urls),
    re_path("^api/", nowhere),
    *[
        path("", include(f"colisage.{step}.urls"))
        for step in settings.STEPS
        if find_spec(f"colisage.{step}") and find_spec(f"colisage.{step}.urls")
    ],
]
