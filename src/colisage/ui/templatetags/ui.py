"""Tags and filters of every page. Settings make them built in: no `{% load %}`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.template import Context, Library
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from colisage.ui import words
from colisage.ui.figures import badges, boxes, charts, icons, mark, plans, thumbs

register = Library()

register.filter("count", words.count)
register.filter("percent", words.percent)
register.filter("grams", words.grams)
register.filter("millimetres", words.millimetres)
register.filter("age", words.age)
register.filter("plate", words.plate)
register.filter("plate_parts", words.bin_parts)
register.simple_tag(icons.sprite, name="icon_sprite")
register.simple_tag(mark.mark, name="mark")
register.simple_tag(mark.wordmark, name="wordmark")
register.simple_tag(thumbs.thumb, name="thumb")
register.simple_tag(charts.trend, name="trend")


# words


@register.filter
def money(cents: int | None, currency: str = "EUR") -> str:
    """Say an amount: `{{ order.total_cents|money:order.currency }}`."""
    return words.money(cents, currency=currency or "EUR")


@register.filter
def dimensions(lengths: Iterable[int]) -> str:
    """Say the sides of a box: `{{ box.sides|dimensions }}`."""
    return words.dimensions(*lengths)


@register.filter
def when(moment: datetime | None) -> str:
    """Say a moment briefly, the whole of it in the attributes."""
    return _time(moment, words.when(moment or None))


@register.filter
def clock(moment: datetime | None) -> str:
    """Say the time of day: 14 h 12, 14:12."""
    return _time(moment, words.clock(moment) if moment else words.NOTHING)


@register.filter
def day(moment: date | None, style: str = "short") -> str:
    """Say a date; styles are `short`, `weekday`, `long` and `numeric`."""
    return _time(moment, words.day(moment or None, style=style))


@register.filter
def ago(moment: datetime | None) -> str:
    """Say how far a moment is."""
    return _time(moment, words.ago(moment or None))


@register.filter
def initials(name: object) -> str:
    """Give two letters for a face: `Chen Li` is `CL`."""
    parts = str(name).replace(".", " ").replace("@", " ").split()
    return "".join(part[0] for part in parts[:2]).upper()


def _time(moment: date | None, said: str) -> str:
    if not moment:  # a template gives an empty text for what it does not find
        return said
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), words.whole(moment), said)


# small drawings


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon: `{% icon "print" %}Label`; with a label where no word stands beside it."""
    return icons.icon(name, label=label)


@register.simple_tag
def badge(state: str | int, text: str | Promise = "", tone: str = "") -> SafeString:
    """Draw a state: `{% badge order.stage %}`, `{% badge 40 _("In transit") tone="road" %}`."""
    return badges.badge(state, text=text, tone=tone)


@register.simple_tag
def strip(done: float | None = None, total: float = 100, label: str = "") -> SafeString:
    """Draw progress as kraft tape; without `done` the end is not known."""
    if done is None:
        return format_html('<progress aria-label="{}"></progress>', label)
    return format_html(
        '<progress max="{}" value="{}" aria-label="{}"></progress>', total, done, label or f"{done} / {total}"
    )


@register.simple_tag
def empty_box() -> SafeString:
    """Draw an open box with nothing in it, for a page with nothing to show yet."""
    return boxes.packed_box((110, 90, 60), (), title="", measured=False)


@register.simple_tag
def spark(values: Sequence[float], tone: str = "blue") -> SafeString:
    """Draw a line the size of a word."""
    return charts.spark(values, tone=tone)


@register.simple_tag
def shelf(level: int, levels: int = 4, title: str = "") -> SafeString:
    """Draw a rack from the front, the level to reach for filled."""
    return plans.shelf(int(level), levels=int(levels), title=title)


# charts and plans


@register.simple_tag
def bars(
    rows: Iterable[Sequence[Any]],
    title: str,
    unit: str = "count",
    currency: str = "EUR",
    *,
    tall: bool = False,
) -> SafeString:
    """Draw bars: rows of (label, value) or (label, [parts]) in `count`, `money`, `percent` or `grams`."""
    say = _sayer(unit, currency)
    drawn = []
    for label, value, *_rest in rows:
        parts = list(value) if isinstance(value, Sequence) else [value]
        drawn.append((str(label), parts, say(sum(parts))))
    highest = max((sum(parts) for _, parts, _ in drawn), default=0)
    tick = _sayer(unit, currency, rounded=True)
    y_ticks = [(at, tick(int(at) if at == int(at) else at)) for at in charts.ticks(highest)]
    return charts.bars(drawn, title=title, y_ticks=y_ticks, tall=tall)


@register.simple_tag
def gauge(value: int, low: int, high: int, title: str, zone: str = "") -> SafeString:
    """Draw a weight in grams against the zone where it is right."""
    return charts.gauge(value, low=low, high=high, title=title, zone=zone)


@register.simple_tag
def packed_box(
    sides: tuple[int, int, int],
    items: Iterable[boxes.Placed | Sequence[Any]],
    title: str,
    *,
    measured: bool = True,
) -> SafeString:
    """Draw a packed box: sides in millimetres, items as `Placed` or (x, y, z, dx, dy, dz, label)."""
    placed = [item if isinstance(item, boxes.Placed) else boxes.Placed(*item) for item in items]
    return boxes.packed_box(sides, placed, title=title, measured=measured)


@register.simple_tag
def walk(
    bins: Iterable[plans.Bin | Sequence[Any]],
    way: plans.Walk | Sequence[plans.Point],
    title: str,
    lit: str = "",
) -> SafeString:
    """Draw a walk on the plan: bins as `Bin` or (code, x, y), the way as `Walk` or its points."""
    shown = [one if isinstance(one, plans.Bin) else plans.Bin(*one) for one in bins]
    return plans.walk_plan(shown, way if isinstance(way, plans.Walk) else plans.Walk(way), title=title, lit=lit)


def _sayer(unit: str, currency: str, *, rounded: bool = False) -> Callable[[Any], str]:
    if unit == "money":
        return lambda cents: words.money(round(cents), currency=currency, rounded=rounded)
    return {"count": words.count, "percent": words.percent, "grams": words.grams}[unit]


# addresses


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """Give this page's query string with some values changed; None or nothing removes one.

    A changed filter or order starts from the first page again: the cursors go unless they are what changes.
    """
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        return ""
    if not {"after", "before"} & changes.keys() or changes.get("after") or changes.get("before"):
        query.pop("after", None)
        query.pop("before", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.inclusion_tag("ui/parts/nav.html", takes_context=True)
def nav(context: Context) -> dict[str, Any]:
    """List the places of the desk this person may open, the current one marked.

    `COLISAGE_NAV` gives each a `label`, a `url` name and, where not everyone may, `roles`; a name without
    a page is left out. A page may say where it belongs with `section`, the url name.
    """
    path = getattr(context.get("request"), "path", "")
    shown = [(item, _address(item["url"])) for item in getattr(settings, "COLISAGE_NAV", ())]
    here = (
        context.get("section")
        or max(((len(url), item["url"]) for item, url in shown if url and path.startswith(url)), default=(0, ""))[1]
    )
    places = [
        {"label": item["label"], "url": url, "here": item["url"] == here}
        for item, url in shown
        if url and _may(context, item.get("roles", ()))
    ]
    return {"places": places}


@register.inclusion_tag("ui/parts/subnav.html", takes_context=True)
def subnav(context: Context, place: str) -> dict[str, Any]:
    """List the pages that belong to a place of the desk as tabs: `{% subnav "stock" %}`, the current one marked.

    `COLISAGE_SUBNAV` gives each place a list as `COLISAGE_NAV` is one, or groups with a `label` and their `pages`: the
    groups are the tabs then, each leading to its first page, and the pages of the current group stand in a row below.
    A page may say which tab it stands under with `tab`, the url name; else the longest matching address is marked.
    """
    path = getattr(context.get("request"), "path", "")
    groups = [
        (one["label"] if "pages" in one else "", [(page, _address(page["url"])) for page in one.get("pages", [one])])
        for one in settings.COLISAGE_SUBNAV[place]
    ]
    shown = [page for _label, pages in groups for page in pages]
    longest = max(((len(url), item["url"]) for item, url in shown if url and path.startswith(url)), default=(0, ""))
    here = context.get("tab") or longest[1]
    tabs: list[dict[str, Any]] = []
    below: list[dict[str, Any]] = []
    for label, pages in groups:
        links: list[dict[str, Any]] = [
            {"label": item["label"], "url": url, "here": item["url"] == here}
            for item, url in pages
            if url and _may(context, item.get("roles", ()))
        ]
        if not label:
            tabs += links
        elif links:
            within = any(link["here"] for link in links)
            tabs.append({"label": label, "url": links[0]["url"], "within": within})
            below = links if within else below
    return {"tabs": tabs, "pages": below}


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _may(context: Context, roles: Iterable[str]) -> bool:
    may = getattr(context.get("view"), "may", None)
    return not roles or may is None or bool(may(*roles))


# forms


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, label: str = "", hint: str = "") -> dict[str, Any]:
    """Show a form field with its label, help and error, all tied together for a screen reader."""
    widget = bound.field.widget
    kind = "line"
    if bound.is_hidden:
        kind = "hidden"
    elif isinstance(widget, CheckboxInput):
        kind = "tick"
    elif isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        kind = "choice"
    elif isinstance(widget, FileInput):
        kind = "file"
    given = str(widget.attrs.get("class", ""))
    classes = {"line": f"in {given}", "file": f"sr {given}"}.get(kind, given).strip()
    return {
        "field": bound,
        "kind": kind,
        "widget": bound.as_widget(attrs={"class": classes} if classes else {}),
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "hint_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
        "drop_text": _("Drop the file here, or choose it"),
    }


# parts that hold others


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str, **options: object) -> str:  # noqa: A002 (the attribute it becomes)
    """Ask before what cannot be undone; opened by `data-opens="<id>"`.

    Options: `action` (where the form posts), `verb` (on its button), `keep` (on the other), `danger`.
    """
    return _render(context, "ui/parts/dialog.html", {"id": id, "title": title, "content": content, **options})


@register.simple_block_tag(takes_context=True)
def why(context: Context, content: str, title: str, **options: object) -> str:
    """Explain a decision, the numbers inside. Options: `icon`, `reason`, `open`, `drawing`."""
    return _render(context, "ui/parts/why.html", {"title": title, "content": content, **options})


def _render(context: Context, name: str, values: Mapping[str, object]) -> str:
    return render_to_string(name, {"csrf_token": context.get("csrf_token"), **values})
