"""The first screen: what every step has waiting, in one look."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from colisage.catalog.actions.take_rows import SKUS
from colisage.connectors.queries.connections import connections_of
from colisage.inbound.actions.take_rows import ANNOUNCEMENTS
from colisage.intake.actions.take_rows import ORDERS
from colisage.intake.queries.messages import messages_waiting
from colisage.inventory.actions.take_rows import SAFETY
from colisage.inventory.queries.counts import how_many
from colisage.kit.sent_files import Kind, files_to_correct
from colisage.network.queries import channel_facts
from colisage.notices.queries import message_counts
from colisage.notices.queries.webhooks import broken_endpoints
from colisage.orders.queries import StageCount, count_stopped, stage_counts
from colisage.picking.queries.put_back import units_to_put_back
from colisage.returns.queries import counts_of
from colisage.ui import words

# The columns of the first screen: title, the stages it counts, the address of the next action, its verb.
COLUMNS: Final[tuple[tuple[str | Promise, tuple[str, ...], str, str | Promise], ...]] = (
    (gettext_lazy("To check"), ("held",), "orders", gettext_lazy("Check")),
    (gettext_lazy("Owed"), ("waiting",), "receiving", gettext_lazy("Receive")),
    (gettext_lazy("To pick"), ("ready", "released", "picking"), "picking", gettext_lazy("Pick")),
    (gettext_lazy("To pack"), ("picked",), "packing", gettext_lazy("Pack")),
    (gettext_lazy("To hand over"), ("packed", "labelling", "labelled"), "shipping", gettext_lazy("Hand over")),
    (gettext_lazy("On the road"), ("handed_over",), "orders", gettext_lazy("Follow")),
    (gettext_lazy("Problems"), ("problem",), "orders", gettext_lazy("Resolve")),
)


# Kinds of files whose rows come back, with the page of a file.
FILES: Final[tuple[tuple[Kind, str], ...]] = (
    (ORDERS, "import"),
    (SKUS, "catalogue-imported"),
    (ANNOUNCEMENTS, "announcements-imported"),
    (SAFETY, "safety-imported"),
)
MOST_FILES: Final = 3  # of each kind: the others stand on the page where they are sent


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the first screen, as the part `ui/parts/journey.html` draws it."""

    title: str
    url: str
    count: int
    state: str
    tone: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    verb: str = ""
    verb_url: str = ""
    apart: bool = False


def columns(merchant_ids: Collection[int]) -> list[Column]:
    """Give the columns of the first screen."""
    counts = stage_counts(merchant_ids)
    now = timezone.now()
    return [_column(title, stages, action, verb, counts=counts, now=now) for title, stages, action, verb in COLUMNS]


def _column(
    title: str | Promise,
    stages: tuple[str, ...],
    action: str,
    verb: str | Promise,
    *,
    counts: Mapping[str, StageCount],
    now: datetime,
) -> Column:
    found = [counts[stage] for stage in stages if stage in counts]
    number = sum(c.count for c in found)
    due = min((c.ship_by for c in found if c.ship_by), default=None)
    late = due is not None and due < now
    busiest = max(found, key=lambda c: c.count).stage if found else stages[0]
    problem = stages == ("problem",)
    if not number:
        state, tone = _("nothing waits"), "calm"
    elif problem or late:
        state, tone = (_("to decide") if problem else _("past the cut-off")), "bad"
    elif stages == ("held",):
        state, tone = _("waiting for you"), "warn"
    else:
        state, tone = _("on time"), "ok"
    facts: list[tuple[str, str]] = []
    if found:
        facts.append((_("Oldest"), words.age(now - min(c.oldest for c in found))))
    if due and not late:
        facts.append((_("Cut-off"), words.age(due - now)))
    listed = f"{reverse('orders')}?stage={busiest}"
    return Column(
        title=str(title),
        url=listed,
        count=number,
        state=state,
        tone=tone,
        facts=facts,
        verb=str(verb),
        verb_url=listed if action == "orders" else reverse(action),
        apart=problem,
    )


def finding(shown: Collection[Column], *, to_decide: int = 0) -> str:
    """Say in one sentence what the first screen shows; `to_decide` things stand below the columns."""
    open_work = sum(c.count for c in shown if not c.apart)
    late = [c for c in shown if c.tone == "bad" and c.count]
    if not open_work and not late and not to_decide:
        return _("Nothing waits. The next orders will appear here.")
    told = _orders_found(open_work, late=late)
    if to_decide:
        below = ngettext("%(n)s thing to decide below", "%(n)s things to decide below", to_decide)
        return _("%(told)s; %(below)s") % {"told": told, "below": below % {"n": to_decide}}
    return told


def _orders_found(open_work: int, *, late: Collection[Column]) -> str:
    if not open_work and not late:
        return _("No order waits")
    told = ngettext(
        "%(count)s part of an order is on its way", "%(count)s parts of orders are on their way", open_work
    ) % {"count": open_work}
    if late:
        where = ", ".join(c.title.lower() for c in late)
        return _("%(told)s; look at: %(where)s") % {"told": told, "where": where}
    return _("%(told)s, all on time") % {"told": told}


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to decide, as the part `ui/parts/alerts.html` draws it."""

    tone: str
    icon: str
    fact: str
    text: str
    url: str
    verb: str


def alerts(
    merchant_ids: Collection[int], *, managed: Collection[int] = (), picked_for: Collection[int] = ()
) -> list[Alert]:
    """Give what a person has to do: rows of files, returns, counts, units to put back, messages that did not go out.

    `managed` are the operators whose counts the person approves, `picked_for` those at which the person picks.
    """
    return [
        *_stopped(merchant_ids), *_shop_messages(merchant_ids), *_shops(merchant_ids),
        *_rows(merchant_ids), *_returns(merchant_ids), *_counts(managed), *_put_backs(merchant_ids, picked_for),
        *_messages(merchant_ids), *_webhooks(merchant_ids),
    ]  # fmt: skip


def _stopped(merchant_ids: Collection[int]) -> list[Alert]:
    """Name the orders that a hold stops while they are being prepared: no column says that they wait for a person."""
    n = count_stopped(merchant_ids)
    if not n:
        return []
    fact = ngettext("%(n)s order on hold while it is prepared", "%(n)s orders on hold while they are prepared", n)
    return [Alert("warn", "pause", fact % {"n": n}, _("They get no label."), reverse("holds"), _("Decide"))]


def _shop_messages(merchant_ids: Collection[int]) -> list[Alert]:
    n = sum(messages_waiting(merchant_ids).values())
    if not n:
        return []
    fact = ngettext("%(n)s message of a shop to correct", "%(n)s messages of shops to correct", n) % {"n": n}
    return [Alert("warn", "file", fact, "", reverse("shop-messages"), _("See"))]


def _shops(merchant_ids: Collection[int]) -> list[Alert]:
    """Name the shops that do not answer as they should."""
    troubled = {pk: one for pk, one in connections_of(merchant_ids).items() if one.active and one.problems}
    names = channel_facts(troubled) if troubled else {}
    return [
        Alert(
            "warn", "alert", _("%(shop)s: a shop in trouble") % {"shop": names[pk].name},
            " ".join(str(wrong.said) for wrong in one.problems),
            reverse("shop", args=[pk]), _("See"),
        )
        for pk, one in troubled.items()
        if pk in names
    ]  # fmt: skip


def _put_backs(merchant_ids: Collection[int], operator_ids: Collection[int]) -> list[Alert]:
    units = units_to_put_back(operator_ids, merchant_ids=merchant_ids) if operator_ids else 0
    if not units:
        return []
    fact = ngettext("%(n)s unit to put back", "%(n)s units to put back", units) % {"n": units}
    return [
        Alert("warn", "undo", fact, _("Picked for orders that were cancelled."), reverse("put-back"), _("Put back"))
    ]


def _counts(operator_ids: Collection[int]) -> list[Alert]:
    waiting = how_many(operator_ids)["counted"] if operator_ids else 0
    if not waiting:
        return []
    fact = ngettext("%(n)s count to approve", "%(n)s counts to approve", waiting) % {"n": waiting}
    return [Alert("warn", "list", fact, "", reverse("counts"), _("Decide"))]


def _rows(merchant_ids: Collection[int]) -> list[Alert]:
    """Give the last files of each kind of which rows came back; one statement for a kind."""
    return [
        Alert(
            tone="warn",
            icon="file",
            fact=_to_correct(kind, run.refused_count),
            text=run.file_name,
            url=reverse(page, args=[run.pk]),
            verb=_("Correct"),
        )
        for kind, page in FILES
        for run in files_to_correct(kind, merchant_ids, most=MOST_FILES)
    ]


def _to_correct(kind: Kind, n: int) -> str:
    told = {
        "orders": ngettext("%(n)s row of orders to correct", "%(n)s rows of orders to correct", n),
        "skus": ngettext("%(n)s row of SKUs to correct", "%(n)s rows of SKUs to correct", n),
        "announcements": ngettext(
            "%(n)s row of announced deliveries to correct", "%(n)s rows of announced deliveries to correct", n
        ),
        "safety": ngettext("%(n)s row of safety stock to correct", "%(n)s rows of safety stock to correct", n),
    }
    return told[kind.name] % {"n": n}


def _returns(merchant_ids: Collection[int]) -> list[Alert]:
    """Give the returns that wait for a word of the desk, by what is to be done."""
    counts = counts_of(merchant_ids)
    answer, decide, pay = (counts.get(state, 0) for state in ("requested", "inspected", "refunded"))
    waits = (
        (
            answer,
            "requested",
            ngettext("%(n)s return to answer", "%(n)s returns to answer", answer),
            pgettext("verb", "Answer"),
        ),
        (decide, "decide", ngettext("%(n)s refund to decide", "%(n)s refunds to decide", decide), _("Decide")),
        (pay, "due", ngettext("%(n)s refund to pay back", "%(n)s refunds to pay back", pay), _("Pay back")),
    )
    return [
        Alert("warn", "back", fact % {"n": n}, "", f"{reverse('returns')}?view={view}", verb)
        for n, view, fact, verb in waits
        if n
    ]


def _messages(merchant_ids: Collection[int]) -> list[Alert]:
    counts = message_counts(merchant_ids)
    lost = counts.get("failed", 0) + counts.get("unknown", 0)
    if not lost:
        return []
    fact = ngettext("%(n)s message did not go out", "%(n)s messages did not go out", lost) % {"n": lost}
    return [Alert("warn", "alert", fact, "", reverse("messages"), _("See"))]


def _webhooks(merchant_ids: Collection[int]) -> list[Alert]:
    broken = broken_endpoints(merchant_ids)
    if not broken:
        return []
    fact = ngettext("%(n)s webhook is switched off", "%(n)s webhooks are switched off", broken) % {"n": broken}
    return [Alert("warn", "off", fact, _("The program does not answer."), reverse("webhooks"), _("See"))]
