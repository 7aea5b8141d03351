import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import django_htmx
import polib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from colisage.ui import views
from colisage.ui.figures.icons import ICONS
from tests.ui.addresses import MERCHANTS, Chen
from tests.ui.conftest import HOME

pytestmark = pytest.mark.urls("tests.ui.addresses")
LANGUAGES = ["fr", "en"]
TEMPLATES = sorted((HOME / "templates").rglob("*.html"))
SHELLS = ["ui/desk.html", "ui/floor.html", "ui/portal.html", "ui/bare.html", "ui/paper.html"]
REFUSALS = ["400", "403", "403_csrf", "404", "429", "500"]
VOID = {"meta", "link", "input", "br", "hr", "img", "source"}


class Outline(HTMLParser):
    """Read a page and remember what the rules of the look are about."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.crossed: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)


def page(name: str, language: str, **values: Any) -> str:
    request = RequestFactory().get("/orders/?q=mug")
    request.user = values.pop("user", Chen())
    with translation.override(language):
        return render_to_string(name, {"merchant": MERCHANTS[0], "merchants": MERCHANTS, **values}, request)


def the_gallery(language: str) -> str:
    request = RequestFactory().get("/")
    request.user = Chen()  # type: ignore[assignment]
    with translation.override(language):
        return views.show_gallery(request).content.decode()


def check(text: str, language: str) -> Outline:
    outline = Outline(text)
    assert f'<html lang="{language}"' in text
    assert not outline.crossed
    assert not outline.open
    assert len(set(outline.ids)) == len(outline.ids), "an id stands twice"
    used = set(re.findall(r'href="#i-(\w+)"', text))
    assert used <= ICONS
    for tag, attributes in outline.tags:
        assert "style" not in attributes
        assert not any(name.startswith(("on", "hx-on")) for name in attributes)
        assert tag != "style"
        assert tag != "script" or attributes.get("src"), "an inline script"
        assert (
            tag != "svg"
            or "i" not in (attributes.get("class") or "").split()
            or (attributes.get("aria-hidden") or attributes.get("aria-label"))
        )
    return outline


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHELLS)
def test_every_shell_is_sound_in_both_languages(name: str, language: str) -> None:
    check(page(name, language), language)


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_stands_without_person_or_merchant(name: str) -> None:
    check(page(name, "fr", user=AnonymousUser(), merchant=None, merchants=[]), "fr")


@pytest.mark.urls("django.conf.urls.i18n")
@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_stands_where_no_other_page_exists(name: str) -> None:
    check(page(name, "en"), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gallery_shows_everything_and_stays_light(language: str) -> None:
    text = the_gallery(language)
    check(text, language)
    shown = [one.name for one in (HOME / "templates/ui/parts").glob("*.html")]
    source = "".join(one.read_text() for one in TEMPLATES) + (HOME / "templatetags/ui.py").read_text()
    assert [name for name in shown if f"ui/parts/{name}" not in source] == []
    assert len(text.encode()) < 100_000


def test_the_gallery_is_for_staff() -> None:
    request = RequestFactory().get("/ui/")
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        views.show_gallery(request)


def test_a_page_with_its_sheets_and_scripts_travels_under_100_kb() -> None:
    static = HOME / "static/ui"
    files = [*static.glob("*.css"), *static.glob("*.js")]
    files.append(Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js")
    sent = [gzip.compress(one.read_bytes()) for one in files] + [gzip.compress(the_gallery("fr").encode())]
    assert sum(map(len, sent)) < 100_000


def test_the_language_switch_needs_no_script_and_comes_back_here() -> None:
    text = page("ui/desk.html", "fr")
    assert '<form class="lang" method="post" action="/setlang/">' in text.replace("/i18n/setlang/", "/setlang/")
    assert 'name="next" value="/orders/?q=mug"' in text
    assert 'value="fr" lang="fr" aria-label="Français" aria-current="true"' in text


def test_only_one_merchant_means_no_switcher() -> None:
    assert 'action="/merchant/"' in page("ui/desk.html", "en")
    assert 'action="/merchant/"' not in page("ui/desk.html", "en", merchants=MERCHANTS[:1])


def test_the_portal_wears_the_merchant_s_name_and_colour() -> None:
    text = page("ui/portal.html", "fr", merchant=MERCHANTS[1])
    assert 'data-brand="lagon"' in text
    assert ">Boréale</a>" in text
    assert "htmx" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_speaks_both_languages_without_database_or_request(name: str, language: str) -> None:
    with translation.override(language):
        text = render_to_string(f"{name}.html")
    outline = check(text, language)
    other = "en" if language == "fr" else "fr"
    assert ("p", {"class": "soft", "lang": other}) in outline.tags
    assert "csrf" not in text


def test_two_refusals_of_a_kind_are_the_same_to_the_byte() -> None:
    def answer(path: str, *, user: object) -> HttpResponse:
        request = RequestFactory().get(path)
        request.user = user  # type: ignore[assignment]
        return views.not_found(request, Exception(path))

    one, other = answer("/orders/1/", user=Chen()), answer("/orders/2/", user=AnonymousUser())
    assert one.status_code == other.status_code == 404
    assert one.content == other.content


@pytest.mark.parametrize(
    ("view", "status"),
    [(views.bad_request, 400), (views.denied, 403), (views.too_many, 429), (views.server_error, 500)],
)
def test_each_refusal_has_its_status(view: Any, status: int) -> None:
    assert view(RequestFactory().get("/")).status_code == status


def test_no_template_has_inline_style_or_script() -> None:
    for template in TEMPLATES:
        source = template.read_text()
        assert not re.search(r"\sstyle=|<style|javascript:|\son\w+=|<script(?![^>]*\bsrc=)", source), template.name
        assert "http://" not in source
        assert "https://" not in source


def test_every_message_is_in_french_and_differs_from_the_english() -> None:
    catalogue = polib.pofile(str(HOME / "locale/fr/LC_MESSAGES/django.po"))
    assert [
        one.msgid
        for one in catalogue
        if not (one.msgstr or all(one.msgstr_plural.values() or [""])) or one.fuzzy or one.obsolete
    ] == []
    assert [one.msgid for one in catalogue if one.msgstr == one.msgid] == []


def test_the_french_is_typeset_and_polite() -> None:
    catalogue = polib.pofile(str(HOME / "locale/fr/LC_MESSAGES/django.po"))
    for one in catalogue:
        assert "'" not in one.msgstr, one.msgstr
        assert not re.search(r" (?:[:;!?»]|%(?!\())|« ", one.msgstr), f"a hard space is missing in {one.msgstr}"
        assert not re.search(r"oups|veuillez|erreur", one.msgstr, re.IGNORECASE), one.msgstr
