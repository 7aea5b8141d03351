"""Pages at many rows: how long the server takes for each list of stock, of receiving and of orders, in the middle and narrowed.

Two databases of one server are filled with the same shop, one with 10,000 rows of everything and one with `--budget` orders
(default 100,000; the goal speaks of 1,000,000) and as many rows of every other list, at most 100,000. A manager looks at the
pages of both in turn; the time is that inside the server, behind the wall, p95 of the rounds. `p95_ms` is by page at the many;
`ratio_to_10k` are the medians at the many to those at the few. `other_statements` names the pages that ask the database
another number of times at the many than at the few.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import _ground as ground

FEW, ROWS, ORDERS, ROUNDS = 10_000, 100_000, 100_000, 20
# Addresses by page; {row} is the middle row of the lists, {order} the middle order, {sku} the code in the middle.
PAGES = {
    "stock": "/stock/",
    "stock, deep": "/stock/?after={row}+SKU-{sku}",
    "stock, text": "/stock/?text=SKU-{sku}",
    "stock, name": "/stock/?text=mug+{row}",
    "stock, common word": "/stock/?text=mug",
    "stock, on hand": "/stock/?state=here",
    "stock, owed": "/stock/?state=owed",
    "stock, none free": "/stock/?state=none",
    "stock, none free, deep": "/stock/?state=none&after={row}+SKU-{sku}",
    "stock, none free at a node": "/stock/?state=none&node={node}",
    "stock, below safety": "/stock/?state=low",
    "stock, quarantine": "/stock/?state=quarantine",
    "stock, damaged": "/stock/?state=damaged",
    "stock, of a node": "/stock/?node={node}",
    "stock, of an empty node": "/stock/?node={other}",
    "catalogue": "/catalog/",
    "catalogue, deep": "/catalog/?after=SKU-{sku}:{row}",
    "catalogue, text": "/catalog/?text=SKU-{sku}",
    "catalogue, name": "/catalog/?text=mug+{row}",
    "catalogue, common word": "/catalog/?text=mug",
    "catalogue, unmeasured": "/catalog/?view=unmeasured",
    "catalogue, inactive": "/catalog/?view=inactive",
    "SKU": "/stock/4",
    "SKU in the catalogue": "/catalog/{row}",
    "history": "/stock/4/history",
    "history, deep": "/stock/4/history?after={row}",
    "plan": "/stock/plan",
    "bin": "/stock/bins/1000020",
    "lots": "/stock/lots",
    "lots, deep": "/stock/lots?after=+{row}",
    "lots, text": "/stock/lots?q=L-{row}",
    "lots, quarantined": "/stock/lots?status=quarantined",
    "lots, recalled": "/stock/lots?status=recalled",
    "lots, soon": "/stock/lots?soon=30",
    "lots, serials": "/stock/lots?kind=serial",
    "lot": "/stock/lots/3",
    "plates": "/stock/plates",
    "plates, deep": "/stock/plates?after={row}",
    "plates, text": "/stock/plates?q=00000000000{sku}",
    "plates, open": "/stock/plates?state=open",
    "plates, closed": "/stock/plates?state=closed",
    "plate": "/stock/plates/11",
    "kits": "/stock/kits",
    "kit": "/stock/kits/500",
    "counts": "/stock/counts/",
    "counts, deep": "/stock/counts/?after={row}",
    "counts done": "/stock/counts/done",
    "counts done, deep": "/stock/counts/done?after={row}",
    "count": "/stock/counts/50",
    "count plans": "/stock/counts/plans",
    "count numbers": "/stock/counts/numbers",
    "count floor": "/count/",
    "availability": "/stock/availability",
    "availability, deep": "/stock/availability?after={row}+SKU-{sku}",
    "availability, text": "/stock/availability?text=SKU-{sku}",
    "safety": "/stock/safety",
    "tag reads": "/stock/tags/",
    "tag reads, deep": "/stock/tags/?after={row}",
    "events": "/stock/events",
    "events, deep": "/stock/events?after={row}",
    "events of partners": "/stock/events?source=partners",
    "events of partners, text": "/stock/events?source=partners&text=urn:epc:id:sgtin:3760012.012345.{row}",
    "events refused": "/stock/events?source=refused",
    "labels": "/stock/labels",
    "recall": "/recall/",
    "recall, text": "/recall/?text=L-",
    "trace": "/recall/3",
    "expected": "/inbound/",
    "purchases": "/inbound/orders",
    "purchases, deep": "/inbound/orders?after={row}",
    "purchases, open": "/inbound/orders?view=open",
    "purchases, all": "/inbound/orders?view=all",
    "purchases, number": "/inbound/orders?q=PO-{row}",
    "purchases, of a supplier": "/inbound/orders?view=all&supplier=1",
    "purchase": "/inbound/orders/{row}",
    "announcements": "/inbound/announcements",
    "announcements, deep": "/inbound/announcements?after={row}",
    "announcements, all": "/inbound/announcements?view=all",
    "announcement": "/inbound/announcements/{row}",
    "deliveries": "/inbound/deliveries",
    "deliveries, deep": "/inbound/deliveries?after={row}",
    "deliveries, open": "/inbound/deliveries?state=open",
    "delivery": "/inbound/deliveries/{row}",
    "inspections": "/inbound/inspections",
    "set aside": "/inbound/aside",
    "set aside, all": "/inbound/aside?state=",
    "set aside, deep": "/inbound/aside?after={row}",
    "supplier returns": "/inbound/supplier-returns",
    "supplier returns, all": "/inbound/supplier-returns?view=all",
    "supplier returns, deep": "/inbound/supplier-returns?after={row}",
    "new supplier return": "/inbound/supplier-returns/new",
    "transfers": "/inbound/transfers",
    "transfers, deep": "/inbound/transfers?after={row}",
    "productions": "/inbound/production",
    "productions, deep": "/inbound/production?after={row}",
    "consigned": "/inbound/consigned",
    "consigned, deep": "/inbound/consigned?after={row}",
    "suppliers": "/inbound/suppliers",
    "supplier": "/inbound/suppliers/1",
    "put away": "/inbound/put-away",
    "put away, deep": "/inbound/put-away?after={row}",
    "put away, floor": "/inbound/put-away/{dock}",
    "put-away rules": "/inbound/put-away/rules",
    "receive": "/inbound/receive",
    "today": "/",
    "floor": "/floor",
    "orders": "/orders/",
    "orders, deep": "/orders/?after={order}",
    "orders, to pick": "/orders/?stage=ready",
    "orders, on hold": "/orders/?stage=held",
    "orders, late": "/orders/?stage=late",
    "orders, for one parcel": "/orders/?stage=together",
    "orders, problems": "/orders/?stage=problem",
    "orders, cancelled": "/orders/?stage=cancelled",
    "orders, of a rare tag": "/orders/?tag=rare",
    "orders, of a common tag": "/orders/?tag=web",
    "orders, number": "/orders/?text=%23{order}",
    "order": "/orders/{order}",
    "disruptions": "/orders/disruptions/",
    "disruptions, deep": "/orders/disruptions/?after={row}",
    "disruptions, over": "/orders/disruptions/?past=1",
    "disruptions, over, deep": "/orders/disruptions/?past=1&after={row}",
    "disruption": "/orders/disruptions/1",
    "disruption, many later": "/orders/disruptions/2",
    "disruption, many later, deep": "/orders/disruptions/2?after=2500",
    "search, number": "/search?q=%23{order}",
    "search, name": "/search?q=Camille+{order}",
    "search, nothing": "/search?q=nothing+at+all",
}
Looker = subprocess.Popen[str]


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure, and give the metrics of `performance.md`."""
    orders = int(options.budget or ORDERS)
    with ground.fresh_database() as url:
        few, facts = filled(url, orders=orders)
        with _looking(url) as many_looker, _looking(few) as few_looker:
            return _compared(many_looker, few_looker, facts=facts, orders=orders, quiet=options.json)


def filled(url: str, *, orders: int) -> tuple[str, dict[str, Any]]:
    """Fill both databases; give the address of the one with few rows, and the ids that addresses need."""
    import psycopg

    few = url.replace("/colisage?", "/few?")
    with psycopg.connect(url.replace("/colisage?", "/postgres?"), autocommit=True) as db:
        db.execute("CREATE DATABASE few TEMPLATE colisage")
    rows = max(FEW, min(orders, ROWS))
    _fill(few, 1, FEW, FEW)
    _fill(url, 1, rows, orders)
    for first in range(rows + 1, orders + 1, ROWS):
        _fill(url, first, min(first + ROWS - 1, orders), orders, "orders")
    with psycopg.connect(few, autocommit=True) as db:
        node, other = (row[0] for row in db.execute("SELECT id FROM network_node ORDER BY id"))
    return few, {"node": node, "other": other, "rows": rows}


def _fill(url: str, *what: object) -> None:
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "bench._rows", *map(str, what)], check=True, env=environment)


def _compared(many: Looker, few: Looker, *, facts: dict[str, Any], orders: int, quiet: bool) -> dict[str, Any]:
    """Look at each page of both in turn."""
    times: dict[str, dict[str, list[float]]] = {}
    asked: dict[str, dict[str, int]] = {}
    for turn in range(ROUNDS + 2):
        for name, address in PAGES.items():
            for which, looker, rows, of in (("many", many, facts["rows"], orders), ("few", few, FEW, FEW)):
                answer = look(looker, address_of(address, facts=facts, rows=rows, orders=of))
                if answer["status"] not in {200, 302}:  # a search that finds one thing opens it
                    raise RuntimeError(f"{name}: {answer['status']}")
                asked.setdefault(name, {})[which] = answer["statements"]
                if turn >= 2:  # caches are warm, statements prepared
                    times.setdefault(name, {}).setdefault(which, []).append(answer["ms"])
    p95 = {name: round(_p95(each["many"]), 1) for name, each in times.items()}
    ratio = {
        name: round(statistics.median(each["many"]) / statistics.median(each["few"]), 2) for name, each in times.items()
    }
    if not quiet:
        for name in sorted(p95, key=lambda n: -p95[n]):
            sys.stdout.write(f"{name:<28} {p95[name]:9.1f} ms {ratio[name]:7.2f}\n")
    return {
        "orders": orders,
        "rows": facts["rows"],
        "p95_ms": p95,
        "ratio_to_10k": ratio,
        "slowest_p95_ms": max(p95.values()),
        "largest_ratio_to_10k": max(ratio.values()),
        "other_statements": sorted(name for name, each in asked.items() if each["many"] != each["few"]),
    }


def address_of(address: str, *, facts: dict[str, Any], rows: int, orders: int) -> str:
    """Write the address of a page at so many rows."""
    row = rows // 2 + 4
    return address.format(
        row=row,
        sku=f"{row:07}",
        order=orders // 2,
        dock=rows // 2 // 10 * 10 + 10,
        node=facts["node"],
        other=facts["other"],
    )


def look(looker: Looker, address: str) -> dict[str, Any]:
    """Let a looker look at a page."""
    if looker.stdin is None or looker.stdout is None:
        raise RuntimeError("a looker without ears or mouth")
    looker.stdin.write(address + "\n")
    looker.stdin.flush()
    answer: dict[str, Any] = json.loads(looker.stdout.readline())
    return answer


@contextmanager
def _looking(url: str) -> Iterator[Looker]:
    looker = subprocess.Popen(
        [sys.executable, "-m", "bench._looker"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "DATABASE_URL": url},
    )  # fmt: skip
    try:
        yield looker
    finally:
        if looker.stdin:
            looker.stdin.close()
        looker.wait(30)


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]
