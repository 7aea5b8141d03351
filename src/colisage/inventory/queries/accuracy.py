"""How right the books are, and what went missing: as numbers, by node, by reason, week by week."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from colisage.inventory.queries.reasons import shrinking
from colisage.kit.statements import statement


@dataclass(slots=True)
class Accuracy:
    """Bins and sorts that were counted, and those whose books were right."""

    bins: int = 0
    bins_right: int = 0
    sorts: int = 0
    sorts_right: int = 0
    expected: int = 0  # units
    absolute: int = 0  # units of difference, without their sign
    net: int = 0  # units too many less units missing
    absolute_cents: dict[str, int] = field(default_factory=dict)  # by currency
    net_cents: dict[str, int] = field(default_factory=dict)

    @property
    def of_bins(self) -> float | None:
        """Give the share of bins that were right; None when none was counted."""
        return self.bins_right / self.bins if self.bins else None

    @property
    def of_sorts(self) -> float | None:
        """Give the share of sorts that were right."""
        return self.sorts_right / self.sorts if self.sorts else None


@dataclass(frozen=True, slots=True)
class Accuracies:
    """Accuracy of a time: in all, by node, by week (its Monday)."""

    total: Accuracy
    nodes: dict[int, Accuracy]
    weeks: dict[date, Accuracy]


def accuracy(node_ids: Collection[int], *, merchant_ids: Collection[int], since: datetime) -> Accuracies:
    """Give how right the books were where counts were settled, in two statements."""
    total = Accuracy()
    nodes: dict[int, Accuracy] = defaultdict(Accuracy)
    weeks: dict[date, Accuracy] = defaultdict(Accuracy)
    asked: dict[str, Any] = {"nodes": list(node_ids), "merchants": list(merchant_ids), "since": since}
    with connection.cursor() as db:
        db.execute(statement("inventory", "count_accuracy"), asked)
        for node, week, bins, right in db.fetchall():
            for one in (total, nodes[node], weeks[week]):
                one.bins += bins
                one.bins_right += right
        db.execute(statement("inventory", "count_differences"), asked)
        for node, currency, week, sorts, right, expected, absolute, net, absolute_cents, net_cents in db.fetchall():
            for one in (total, nodes[node], weeks[week]):
                one.sorts += sorts
                one.sorts_right += right
                one.expected += expected
                one.absolute += absolute
                one.net += net
                one.absolute_cents[currency] = one.absolute_cents.get(currency, 0) + absolute_cents
                one.net_cents[currency] = one.net_cents.get(currency, 0) + net_cents
    return Accuracies(total, dict(nodes), dict(weeks))


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What went missing, net of what was found, of one currency; `there` is what lies there now. Cents."""

    currency: str
    units: int
    cents: int
    there_cents: int
    nodes: dict[int, tuple[int, int]]  # units and cents
    reasons: dict[str, tuple[int, int]]
    weeks: dict[date, int]

    @property
    def size(self) -> int:
        """Give the units without their sign, as a language's plural asks."""
        return abs(self.units)

    @property
    def rate(self) -> float | None:
        """Give what went missing as a share of what is there and what was."""
        whole = self.there_cents + max(self.cents, 0)
        return self.cents / whole if whole else None


def shrinkage(node_ids: Collection[int], *, merchant_ids: Collection[int], since: datetime) -> list[Shrunk]:
    """Give what went missing since a moment, by currency, in three statements."""
    asked: dict[str, Any] = {
        "nodes": list(node_ids), "merchants": list(merchant_ids), "since": since, "reasons": shrinking(merchant_ids),
    }  # fmt: skip
    gone: dict[str, list[tuple[int, str, date, int, int]]] = defaultdict(list)
    there = Counter[str]()
    with connection.cursor() as db:
        db.execute(statement("inventory", "shrinkage"), asked)
        for node, currency, reason, week, units, cents in db.fetchall():
            gone[currency].append((node, reason, week, units, cents))
        db.execute(statement("inventory", "stock_value"), asked)
        for _node, currency, _units, cents in db.fetchall():
            there[currency] += cents
    return [_shrunk(currency, gone[currency], there_cents=there[currency]) for currency in sorted({*gone, *there})]


def _shrunk(currency: str, rows: Sequence[tuple[int, str, date, int, int]], *, there_cents: int) -> Shrunk:
    nodes: dict[int, tuple[int, int]] = {}
    reasons: dict[str, tuple[int, int]] = {}
    weeks = Counter[date]()
    for node, reason, week, units, cents in rows:
        before = nodes.get(node, (0, 0))
        nodes[node] = (before[0] + units, before[1] + cents)
        before = reasons.get(reason, (0, 0))
        reasons[reason] = (before[0] + units, before[1] + cents)
        weeks[week] += cents
    units, cents = sum(row[3] for row in rows), sum(row[4] for row in rows)
    return Shrunk(currency, units, cents, there_cents, nodes, reasons, dict(weeks))
