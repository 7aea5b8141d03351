"""What the gallery shows: one invented day, the same in every look."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from colisage.ui import words
from colisage.ui.figures.badges import STATES
from colisage.ui.figures.boxes import Placed
from colisage.ui.figures.charts import Post, Trend
from colisage.ui.figures.icons import ICONS
from colisage.ui.figures.plans import Bin, Walk
from colisage.ui.seen import Meanwhile, SeenForm


class SampleForm(forms.Form):
    """One field of each kind."""

    sku = forms.CharField(label=gettext_lazy("SKU"), help_text=gettext_lazy("Letters, digits and dashes."))
    postcode = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Postcode"),
        error_messages={"invalid": gettext_lazy("A French postcode has 5 digits.")},
    )
    tell = forms.BooleanField(label=gettext_lazy("Tell the customer"), required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("empty", gettext_lazy("The bin is empty")), ("broken", gettext_lazy("Broken or damaged"))],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV, up to 50 MB."), required=False)


def samples() -> dict[str, Any]:
    """Give one example of everything."""
    return {**_lists(), **_drawings(), **_moments(), "states": list(STATES), "icons": sorted(ICONS)}


def _moments() -> dict[str, Any]:
    now = timezone.now()
    return {
        "now": now,
        "meanwhile": _meanwhile(now),
        "moments": [
            now,
            now - timedelta(days=1),
            now - timedelta(days=4),
            now - timedelta(days=40),
            now - timedelta(days=500),
        ],
        "spans": [
            timedelta(minutes=12),
            timedelta(hours=2, minutes=10),
            timedelta(days=3, hours=4),
            timedelta(days=12),
        ],
        "amounts": [(184200, "EUR"), (-732, "EUR"), (5000, "JPY"), (1234, "TND"), (2995, "CAD")],
        "weights": [640, 1652, 12340, None],
        "events": [
            {"at": now, "text": _("Parcel 1 sealed"), "note": _("Bo, station 2"), "tone": "ok"},
            {
                "at": now - timedelta(hours=2),
                "text": _("On hold: address"),
                "note": _("the street number is missing"),
                "tone": "warn",
                "icon": "pause",
            },
            {"at": now - timedelta(days=1), "text": _("Received from Shopify"), "icon": "download"},
        ],
    }


def _meanwhile(now: datetime) -> SeenForm:
    """Give a form that somebody else saved while it was open."""
    form = SeenForm(None, shown={}, mark="a1b2")
    form.tell(Meanwhile([(_("Postcode"), "75018")], by="Bo", at=now), mark="c3d4")
    return form


def _lists() -> dict[str, Any]:
    form = SampleForm({"sku": "MUG-GRES-BLEU", "postcode": "7501", "tell": "on", "reason": "empty"})
    return {
        "form": form,
        "alerts": [
            {
                "tone": "bad",
                "fact": _("Blue stoneware mug: out of stock"),
                "text": _("14 orders wait."),
                "url": "#",
                "verb": _("See"),
            },
            {
                "tone": "warn",
                "icon": "clock",
                "fact": _("12 orders at risk"),
                "text": _("Colissimo leaves soon."),
                "url": "#",
                "verb": _("See"),
            },
        ],
        "steps": [
            {"at": "done", "title": _("Received"), "note": "10 000"},
            {"at": "now", "title": _("Being created"), "note": "6 214 / 10 000", "icon": "box"},
            {"at": "todo", "title": _("Summary"), "note": ""},
        ],
        "columns": [
            {"title": _("To check"), "url": "#", "count": 18, "state": _("6 on hold"), "tone": "warn"},
            {"title": _("To source"), "url": "#", "count": 7, "state": _("on time")},
            {
                "title": _("To pick"),
                "url": "#",
                "count": 41,
                "state": _("8 at risk"),
                "tone": "warn",
                "verb": _("Pick"),
            },
            {
                "title": _("To pack"),
                "url": "#",
                "count": 24,
                "state": _("4 at risk"),
                "tone": "warn",
                "verb": _("Pack"),
            },
            {"title": _("To hand over"), "url": "#", "count": 78, "state": _("on time")},
            {"title": _("On the road"), "url": "#", "count": 312, "state": _("on time")},
            {
                "title": _("Problems"),
                "url": "#",
                "count": 9,
                "state": _("3 today"),
                "tone": "bad",
                "apart": True,
            },
        ],
        "views": [
            {"label": _("To ship today"), "url": "#", "count": 143, "here": True},
            {"label": _("On hold"), "url": "#", "count": 6},
        ],
        "choices": [{"name": "node", "label": _("Node"), "value": "", "options": [("1", "Lyon"), ("2", "Montréal")]}],
        "chips": [{"text": "Lyon", "url": "#"}],
        "actions": [
            {"name": "wave", "label": _("Add to a wave")},
            {"name": "print", "label": _("Print"), "icon": "print"},
        ],
        "carriers": [("Colissimo", 1204, 0.978), ("Chronopost", 318, 0.991), ("Mondial Relay", 742, 0.913)],
    }


def _drawings() -> dict[str, Any]:
    shipping = [
        (month, [492 - 4 * i, 71, 186 - 9 * i, 31]) for i, month in enumerate(("06", "07", "08", "09", "10", "11"))
    ]
    done = [(8 + i / 2, float(v)) for i, v in enumerate((0, 3, 9, 17, 24, 33, 41, 50, 56, 57, 59, 67, 76))]
    return {
        "costs": shipping,
        "daily": [(f"{d:02}", 40 + (d * 37) % 23) for d in range(1, 15)],
        "ready": Trend(
            title=_("Parcels ready today, and due at each collection"),
            now=done,
            now_text=words.count(76),
            ahead=[(14, 76), (16, 109), (17.5, 134), (18, 142)],
            posts=[
                Post(15, 31, "31 Chronopost"),
                Post(16, 112, "112 Colissimo", "bad"),
                Post(17.5, 143, "143 Mondial Relay", "bad"),
            ],
            x_ticks=[(h, words.clock(timezone.localtime().replace(hour=h, minute=0))) for h in (8, 10, 12, 14, 16, 18)],
            y_ticks=[(v, words.count(v)) for v in (0, 50, 100, 150)],
            tall=True,
        ),
        "service": Trend(
            title=_("Service level by week"),
            now=list(enumerate((96.9, 97.1, 97.0, 97.4, 97.2, 97.6, 97.9, 98.1, 98.2))),
            past=list(enumerate((96.2, 96.4, 96.1, 96.6, 96.9, 96.5, 96.8, 97.0, 97.1))),
            now_text=words.percent(0.982),
            goal=98,
            goal_text=_("goal %(share)s") % {"share": words.percent(0.98)},
            x_ticks=[(w, str(40 + w)) for w in (0, 2, 4, 6, 8)],
            y_ticks=[(v, str(v)) for v in (95, 97, 99)],
            y_range=(95, 99.2),
        ),
        "trend_values": [4, 5, 5, 6, 6, 7, 8, 8, 9],
        "photos": [{"pk": 1, "by_name": "Ada", "width_px": 96, "height_px": 96}],
        "sides": (300, 200, 120),
        "packed": [
            Placed(220, 0, 0, 75, 75, 95, "3", 2),
            Placed(0, 112, 0, 280, 80, 45, "4", 4, next=True),
            Placed(110, 0, 0, 110, 110, 115, "2"),
            Placed(0, 0, 0, 110, 110, 115, "1"),
        ],
        "bins": [Bin(f"{'ABCDEF'[a]}-{b:02}-1", a * 40, b * 10) for a in range(6) for b in range(1, 9)],
        "way": Walk(
            path=[
                (-10, 95),
                (20, 95),
                (20, 50),
                (20, 0),
                (60, 0),
                (60, 40),
                (60, 95),
                (140, 95),
                (140, 30),
                (140, 95),
                (190, 95),
            ],
            walked=3,
            stops=[(20, 20), (60, 40), (140, 30)],
            here=(20, 50),
            start=pgettext("walk", "Start"),
            end=pgettext("walk", "Station"),
        ),
    }
