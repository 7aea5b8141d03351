"""The addresses that the shells look for, answered by pages of the tests' own."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from colisage.people.middleware import walled_by_itself
from colisage.ui import gallery

MERCHANTS = [
    SimpleNamespace(id=1, name="Maison Tilleul", brand="tilleul"),
    SimpleNamespace(id=2, name="Boréale", brand="lagon"),
]
PICKED = """{% if verdict %}{% include "ui/parts/verdict.html" with text="said" scanned=code %}{% endif %}
{% include "ui/parts/plate.html" with code="B-07-3" level=3 levels=4 %}
{% url "scan" as here %}
{% include "ui/parts/scan.html" with action=here target="#main" swap="innerHTML" value=wrong wrong=wrong %}
<button class="btn" type="button" id="elsewhere">Elsewhere</button>"""
PICK = f"""{{% extends "ui/floor.html" %}}{{% block title %}}Pick{{% endblock %}}
{{% block main %}}{PICKED}{{% endblock %}}"""

PLAIN = """{% extends "ui/floor.html" %}{% block title %}Move{% endblock %}{% block main %}
{% if verdict %}{% include "ui/parts/verdict.html" with text="said" scanned=code %}{% endif %}
{% include "ui/parts/scan.html" with value=wrong wrong=wrong %}{% endblock %}"""


class Chen:
    """A person who may see the gallery."""

    is_authenticated = is_active = is_staff = True
    pk = 1
    name = "Chen Li"

    def __str__(self) -> str:
        return self.name


@walled_by_itself
def show_components(request: HttpRequest) -> HttpResponse:
    request.user = Chen()  # type: ignore[assignment]
    return render(request, "ui/gallery.html", {**gallery.samples(), "merchants": MERCHANTS, "merchant": MERCHANTS[0]})


@walled_by_itself
def show_pick(request: HttpRequest) -> HttpResponse:
    request.user = Chen()  # type: ignore[assignment]
    return HttpResponse(engines["django"].from_string(PICK).render({}, request))


@csrf_exempt
@walled_by_itself
def judge(request: HttpRequest) -> HttpResponse:
    request.user = Chen()  # type: ignore[assignment]
    code = request.POST["code"]
    right = code == "3760123444417"
    values = {"verdict": "ok" if right else "bad", "code": code, "wrong": "" if right else code}
    return HttpResponse(engines["django"].from_string(PICKED).render(values, request), status=200 if right else 422)


@csrf_exempt
@walled_by_itself
def show_plain(request: HttpRequest) -> HttpResponse:
    request.user = Chen()  # type: ignore[assignment]
    code = request.POST.get("code", "")
    values = {"verdict": "bad" if code else "", "code": code, "wrong": code}
    return HttpResponse(engines["django"].from_string(PLAIN).render(values, request), status=422 if code else 200)


urlpatterns = [
    path("", show_components, name="today"),
    path("orders/", show_components, name="orders"),
    path("orders/late/", show_components, name="late"),
    path("pick/", show_pick, name="picking"),
    path("plain/", show_plain, name="plain"),
    path("scan/", judge, name="scan"),
    path("search/", show_components, name="search"),
    path("merchant/", show_components, name="switch-merchant"),
    path("log-out/", show_components, name="log-out"),
    path("i18n/setlang/", walled_by_itself(set_language), name="set_language"),
    path("", include("colisage.ui.urls")),
]
