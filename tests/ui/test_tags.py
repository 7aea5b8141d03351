from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory, override_settings
from django.utils import translation

pytestmark = pytest.mark.urls("tests.ui.addresses")


def draw(source: str, path: str = "/", **values: Any) -> str:
    return str(engines["django"].from_string(source).render(values, RequestFactory().get(path)))


class Address(forms.Form):
    postcode = forms.RegexField(r"^\d{5}$", label="Postcode", help_text="Five digits")
    home = forms.BooleanField(label="At home", required=False)
    speed = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    proof = forms.FileField(required=False)
    trace = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.mark.parametrize("name", ["when", "clock", "day", "ago"])
def test_a_moment_of_what_is_not_there_is_a_dash(name: str) -> None:
    assert draw("{{ nobody.seen_at|" + name + " }}", nobody=None) == "—"


def test_a_moment_carries_the_whole_of_itself() -> None:
    at = datetime(2026, 11, 24, 13, 12, tzinfo=UTC)
    with translation.override("fr"):
        assert draw("{{ at|clock }}", at=at) == (
            '<time datetime="2026-11-24T13:12:00+00:00" title="mardi 24 novembre 2026, 13\u00a0h\u00a012">'
            "13\u00a0h\u00a012</time>"
        )
    assert draw("{{ at|when }}{{ at|clock }}{{ at|day }}{{ at|ago }}", at=None) == "————"


def test_a_text_cannot_become_markup() -> None:
    evil = "<script>"
    for source in (
        "{% badge 'hold' evil %}",
        "{% icon 'x' evil %}",
        "{% strip 1 2 evil %}",
        "{% why title=evil reason=evil %}{{ evil }}{% endwhy %}",
        "{% dialog id='a' title=evil verb=evil %}{{ evil }}{% enddialog %}",
        "{% include 'ui/parts/notice.html' with fact=evil %}",
        "{% include 'ui/parts/verdict.html' with verdict='bad' text=evil scanned=evil %}",
        "{{ evil|plate }}{{ evil|initials }}",
    ):
        assert "<script>" not in draw(source, evil=evil)


def test_a_changed_filter_starts_from_the_first_page() -> None:
    here = "/orders/?q=mug&status=hold&after=xyz"
    assert draw("{% query_with status='ready' %}", here) == "?q=mug&amp;status=ready"
    assert draw("{% query_with status=None %}", here) == "?q=mug"
    assert draw("{% query_with after='abc' %}", here) == "?q=mug&amp;status=hold&amp;after=abc"
    assert draw("{% query_with q=None status='' %}", "/orders/?q=mug") == "?"


def test_pages_go_back_and_forth_by_cursor() -> None:
    drawn = draw("{% include 'ui/parts/pagination.html' with next='n' previous='p' %}", "/orders/?q=mug&after=xyz")
    assert 'rel="next" href="?q=mug&amp;after=n"' in drawn
    assert 'rel="prev" href="?q=mug&amp;before=p"' in drawn
    assert draw("{% include 'ui/parts/pagination.html' %}").strip() == ""


@override_settings(
    COLISAGE_NAV=[
        {"label": "Today", "url": "today"},
        {"label": "Orders", "url": "orders"},
        {"label": "Late", "url": "late", "roles": ["support"]},
        {"label": "Nowhere", "url": "no-such-page"},
    ]
)
def test_the_navigation_shows_what_exists_what_one_may_open_and_where_one_is() -> None:
    picker = SimpleNamespace(may=lambda *roles: "picker" in roles)
    support = SimpleNamespace(may=lambda *roles: "support" in roles)
    assert "Late" not in draw("{% nav %}", view=picker)
    assert "Late" in draw("{% nav %}", view=support)
    assert "Nowhere" not in draw("{% nav %}")
    assert '<a href="/orders/" aria-current="page">Orders</a>' in draw("{% nav %}", "/orders/10478/", view=picker)
    assert draw("{% nav %}", "/orders/").count("aria-current") == 1
    assert '<a href="/" aria-current="page">Today</a>' in draw("{% nav %}", "/orders/", section="today")


@override_settings(
    COLISAGE_SUBNAV={
        "few": [{"label": "Today", "url": "today"}, {"label": "Orders", "url": "orders"}],
        "many": [
            {
                "label": "Work",
                "pages": [{"label": "Nowhere", "url": "no-such-page"}, {"label": "Today", "url": "today"}],
            },
            {"label": "Plan", "pages": [{"label": "Orders", "url": "orders"}, {"label": "Late", "url": "late"}]},
            {"label": "Rules", "pages": [{"label": "Late", "url": "late", "roles": ["support"]}]},
        ],
    }
)
def test_pages_of_a_place_are_tabs_and_many_stand_in_groups_of_which_one_is_open() -> None:
    few = draw("{% subnav 'few' %}", "/orders/10478/")
    assert '<a href="/orders/" aria-current="page">Orders</a>' in few
    assert few.count("<a ") == 2
    many = draw("{% subnav 'many' %}", "/orders/10478/")
    assert '<a href="/">Work</a>' in many
    assert '<a href="/orders/" aria-current="true">Plan</a>' in many
    assert '<a href="/orders/" aria-current="page">Orders</a>' in many
    assert "Today" not in many
    assert "Nowhere" not in draw("{% subnav 'many' %}", tab="today")
    picker = SimpleNamespace(may=lambda *roles: "picker" in roles)
    assert "Rules" not in draw("{% subnav 'many' %}", "/orders/", view=picker)


def test_a_field_ties_its_label_its_help_and_its_error_together() -> None:
    drawn = draw("{% field form.postcode %}", form=Address({"postcode": "7501"}))
    assert '<label for="id_postcode">Postcode</label>' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_postcode_helptext id_postcode_error"' in drawn
    assert 'id="id_postcode_helptext"' in drawn
    assert 'id="id_postcode_error"' in drawn
    assert 'class="in"' in drawn


def test_each_kind_of_field_has_its_own_shape() -> None:
    form = Address()
    assert 'class="tick" for="id_home"' in draw("{% field form.home %}", form=form)
    assert "<legend>Speed</legend>" in draw("{% field form.speed %}", form=form)
    assert 'class="drop"' in draw("{% field form.proof %}", form=form)
    assert "label" not in draw("{% field form.trace %}", form=form)


def test_bars_say_their_values_in_their_unit() -> None:
    with translation.override("en"):
        drawn = draw("{% bars rows 'Cost' unit='money' %}", rows=[("Jan", [500, 300]), ("Feb", [1000])])
    assert "€8.00" in drawn
    assert "€10.00" in drawn


def test_progress_without_an_end_has_no_value() -> None:
    assert "value" not in draw("{% strip label='x' %}")
    assert '<progress max="18" value="11" aria-label="Picks">' in draw("{% strip 11 18 'Picks' %}")


def test_a_dialog_keeps_by_default_and_posts_with_a_token() -> None:
    asked = "{% dialog id='cancel' title='Cancel?' action='/x/' verb='Cancel it' danger=True %}"
    drawn = draw(asked + "It costs.{% enddialog %}")
    assert drawn.index('value="keep"') < drawn.index("Cancel it")
    assert 'formmethod="dialog"' in drawn
    assert "csrfmiddlewaretoken" in drawn
    assert "It costs." in drawn


def test_a_message_with_an_address_can_be_undone() -> None:
    drawn = draw("{% include 'ui/parts/toast.html' with text='Held' undo_url='/undo/' %}")
    assert '<form method="post" action="/undo/">' in drawn
    assert "csrfmiddlewaretoken" in drawn
