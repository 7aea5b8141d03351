"""`tools/messages.py`: the build fails on a message that is not in French."""

import gettext
from pathlib import Path

import pytest
from tools import messages

HEAD = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "shop" / messages.PO).parent.mkdir(parents=True)
    (tmp_path / "shop" / "templates").mkdir()
    (tmp_path / "shop" / messages.PO).write_text(HEAD, encoding="utf-8")
    return tmp_path


def translate(package: Path, *entries: str) -> None:
    (package / "shop" / messages.PO).write_text("\n".join([HEAD, *entries]), encoding="utf-8")


def complaints(package: Path) -> list[str]:
    return [
        *messages.check_catalogues(package),
        *messages.check_contradictions(package),
        *messages.check_uses(package),
    ]


def test_a_translated_message_is_left_alone(package: Path) -> None:
    (package / "shop/views.py").write_text('from django.utils.translation import gettext as _\n_("Two " "words")\n')
    translate(package, 'msgid "Two words"\nmsgstr "Deux mots"\n')
    assert complaints(package) == []


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "Parcel"\nmsgstr ""\n',
        '#, fuzzy\nmsgid "Parcel"\nmsgstr "Colis"\n',
        '#~ msgid "Parcel"\n#~ msgstr "Colis"\n',
        'msgid "Parcel"\nmsgstr "Parcel"\n',
        'msgid "Parcel of %(name)s"\nmsgstr "Colis de %(nom)s"\n',
        'msgid "It is here"\nmsgstr "C\'est ici"\n',
        'msgid "Really?"\nmsgstr "Vraiment ?"\n',
        'msgid "%(n)s parcel"\nmsgid_plural "%(n)s parcels"\nmsgstr[0] "%(n)s colis"\nmsgstr[1] ""\n',
    ],
    ids=["empty", "fuzzy", "obsolete", "same", "places", "apostrophe", "space", "plural"],
)
def test_a_doubtful_translation_is_complained_of(package: Path, entry: str) -> None:
    translate(package, entry)
    assert len([*messages.check_catalogues(package)]) == 1


@pytest.mark.parametrize(
    ("name", "source", "text"),
    [
        ("views.py", 'from django.utils.translation import gettext_lazy as tr\ntr("Parcel")', "Parcel"),
        ("views.py", 'from django.utils import translation\ntranslation.gettext("Parcel")', "Parcel"),
        (
            "views.py",
            'from django.utils.translation import ngettext\nngettext("a parcel", "parcels", 2)',
            "a parcel",
        ),
        ("views.py", 'from django.utils.translation import pgettext\npgettext("month", "May")', "May"),
        ("templates/a.html", "{% load i18n %}<b title=\"{% translate 'Parcel' %}\">", "Parcel"),
        ("templates/a.html", "{% blocktranslate %}Of {{ name }}{% endblocktranslate %}", "Of %(name)s"),
        ("templates/a.html", '{% include "b.html" with label=_("Parcel") %}', "Parcel"),
        ("templates/a.txt", "{% blocktranslate context 'm' %}May{% endblocktranslate %}", "May"),
    ],
)
def test_a_message_of_the_code_that_nobody_translated_is_complained_of(
    package: Path, name: str, source: str, text: str
) -> None:
    (package / "shop" / name).write_text(source, encoding="utf-8")
    found = complaints(package)
    assert len(found) == 1
    assert repr(text) in found[0]


PARCEL = 'msgid "delivered"\nmsgstr "livré"\n'
ORDER = 'msgid "delivered"\nmsgstr "livrée"\n'
PARCELS = 'msgid "%(n)s parcel"\nmsgid_plural "%(n)s parcels"\nmsgstr[0] "%(n)s colis"\nmsgstr[1] "%(n)s colis"\n'


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (PARCEL, ORDER),
        (f'msgctxt "part"\n{PARCEL}', f'msgctxt "part"\n{ORDER}'),
        (PARCELS, PARCELS.replace('[1] "%(n)s colis', '[1] "%(n)s paquets')),
        (PARCELS, 'msgid "%(n)s parcel"\nmsgstr "%(n)s colis"\n'),
    ],
    ids=["plain", "context", "plural", "plural and plain"],
)
def test_two_catalogues_that_contradict_each_other_are_complained_of(package: Path, here: str, there: str) -> None:
    (package / "post" / messages.PO).parent.mkdir(parents=True)
    (package / "post" / messages.PO).write_text(f"{HEAD}\n{there}", encoding="utf-8")
    translate(package, here)
    (found,) = messages.check_contradictions(package)
    assert f"post/{messages.PO}" in found
    assert f"shop/{messages.PO}" in found


def test_the_same_words_with_another_context_may_differ(package: Path) -> None:
    (package / "post" / messages.PO).parent.mkdir(parents=True)
    (package / "post" / messages.PO).write_text(f'{HEAD}\nmsgctxt "parcel"\n{PARCEL}\n{PARCELS}', encoding="utf-8")
    translate(package, ORDER, PARCELS)
    assert [*messages.check_contradictions(package)] == []


def test_what_is_compiled_is_what_django_reads(package: Path) -> None:
    translate(package, 'msgid "Parcel"\nmsgstr "Colis"\n', 'msgctxt "month"\nmsgid "May"\nmsgstr "Mai"\n')
    path = package / "shop" / messages.PO
    messages.compile_catalogue(path)
    with path.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Parcel") == "Colis"
    assert read.pgettext("month", "May") == "Mai"


def test_compiling_again_does_nothing_until_something_changes(package: Path) -> None:
    path = package / "shop" / messages.PO
    messages.compile_catalogue(path)
    before = path.with_suffix(".mo").stat().st_ino
    messages.compile_catalogue(path)
    assert path.with_suffix(".mo").stat().st_ino == before


def test_what_a_door_of_the_api_says_of_itself_is_found_paragraph_by_paragraph() -> None:
    document = {
        "paths": {
            "/orders": {"get": {"description": "List `orders`,\n    the newest first.\n\nTen a page."}, "post": {}}
        },
        "components": {"schemas": {"Order": {"description": "An order."}}},
    }
    assert [(use.context, use.text) for use in messages.uses_in_api(document)] == [
        (messages.API_TEXT, "List orders, the newest first."),
        (messages.API_TEXT, "Ten a page."),
        (messages.API_TEXT, "An order."),
    ]
