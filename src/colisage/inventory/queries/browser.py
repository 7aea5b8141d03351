"""Stock by SKU: the figures that the browser, the SKU page and the file show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import recipes_of
from colisage.catalog.queries.searching import in_parts, sought
from colisage.kit.statements import statement

MANY: Final = 5_000  # SKUs of a node: to read so many takes some milliseconds
STATES: Final = {
    "here": _("on hand"),
    "owed": _("owed"),
    "none": _("none free"),
    "low": _("below the safety stock"),
    "quarantine": _("in quarantine"),
    "damaged": _("damaged"),
    "returned": _("returned, to be judged"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The quantities of one SKU, at one node or at all of them; `free` is what may still be promised."""

    on_hand: int = 0
    allocated: int = 0
    transit: int = 0
    quarantine: int = 0
    damaged: int = 0
    sellable: int = 0
    reserved: int = 0
    safety: int = 0
    owed: int = 0
    unlimited: bool = False
    free: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Add what another node has."""
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


NOTHING: Final = Figures()


@dataclass(frozen=True, slots=True)
class Filters:
    """What the browser is narrowed to; `state` is one of STATES."""

    text: str = ""
    state: str = ""
    node_id: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A SKU as the browser lists it; `key` says where the next page begins."""

    id: int
    merchant_id: int
    code: str
    name: str
    kind: str
    key: str


def stock_page(
    merchant_ids: Collection[int], *, filters: Filters, after: tuple[str, int] = ("", 0), size: int = 50
) -> list[Listed]:
    """Give one page of SKUs by code, and one more when there are more; `after` is (key, id) of the last one before."""
    wanted = sought(merchant_ids, text=filters.text) if filters.text else None
    lacking = filters.state == "none" and not (wanted and _many_lack(merchant_ids, node_id=filters.node_id))
    page = statement("inventory", "stock_page_none") if lacking else statement("inventory", "stock_page")
    kept = _kept_at(filters.node_id, one_by_one=lacking)
    conditions = [statement("inventory", "stock_where_listed"), kept, _condition(filters.state)]
    asked: dict[str, Any] = {"merchants": sorted(merchant_ids), "code": after[0], "pk": after[1], "size": size + 1}
    with connection.cursor() as db:
        db.execute(
            in_parts(page, conditions=conditions, sought=wanted),
            {**asked, "node": filters.node_id, **(wanted.parameters if wanted else {})},
        )
        return [Listed(*row) for row in db.fetchall()]


def _many_lack(merchant_ids: Collection[int], *, node_id: int | None) -> bool:
    """Say whether so many SKUs lack something that a page of those sought is soon full without reading who does."""
    asked = {"merchants": sorted(merchant_ids), "node": node_id, "many": MANY}
    return _answer(statement("inventory", "many_lack"), asked)


def _kept_at(node_id: int | None, *, one_by_one: bool) -> str:
    """Choose how the SKUs of a node are found: few are read first, among many the page is soon full."""
    if node_id is None:
        return ""
    if one_by_one or _answer(statement("inventory", "node_keeps_many"), {"node": node_id, "many": MANY}):
        return statement("inventory", "stock_where_node_many")
    return statement("inventory", "stock_where_node")


def _answer(sql: str, asked: dict[str, Any]) -> bool:
    with connection.cursor() as db:
        db.execute(sql, asked)
        return bool(db.fetchone()[0])


def _condition(state: str) -> str:
    return {
        "here": statement("inventory", "stock_where_here"),
        "owed": statement("inventory", "stock_where_owed"),
        "none": statement("inventory", "stock_where_none"),
        "low": statement("inventory", "stock_where_low"),
        "quarantine": statement("inventory", "stock_where_quarantine"),
        "damaged": statement("inventory", "stock_where_damaged"),
        "returned": statement("inventory", "stock_where_returned"),
    }.get(state, "")


def figures_by_node(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, dict[int | None, Figures]]:
    """Give the figures of SKUs by node, in one statement; None stands for what is owed at no node in particular."""
    found: dict[int, dict[int | None, Figures]] = {pk: {} for pk in sku_ids}
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "stock_figures"), {"skus": sorted(sku_ids), "merchants": sorted(merchant_ids)}
        )
        for row in db.fetchall():
            figures = Figures(*row[2:])
            free = max(figures.sellable - figures.reserved - figures.safety, 0)
            found[row[0]][row[1]] = replace(figures, free=free)
    return found


def total(by_node: Mapping[int | None, Figures], *, node_id: int | None = None) -> Figures:
    """Add the nodes up, or give one of them."""
    if node_id is not None:
        return by_node.get(node_id, NOTHING)
    return sum(by_node.values(), NOTHING)


def figures_of(merchant_ids: Collection[int], *, sku_ids: Collection[int]) -> dict[int, Figures]:
    """Give the figures of SKUs over all nodes, in one statement."""
    return {sku: total(by_node) for sku, by_node in figures_by_node(merchant_ids, sku_ids=sku_ids).items()}


def bundles_free(
    merchant_id: int, *, sku_ids: Collection[int], kept_back: Mapping[int, int] | None = None
) -> dict[int, dict[int, int]]:
    """Say how many of each bundle each node could send: the least its components allow; two statements.

    `kept_back` are units of a component that stay untouched at each node, such as a channel's buffer.
    """
    recipes = recipes_of(merchant_id, sku_ids=sku_ids)
    parts = {sku for recipe in recipes.values() for sku, _units in recipe}
    free = figures_by_node([merchant_id], sku_ids=parts)
    return {
        bundle: {
            node: sets
            for node in {node for sku, _units in recipe for node in free[sku] if node is not None}
            if (
                sets := min(
                    _sets(free[sku].get(node, NOTHING), units, (kept_back or {}).get(sku, 0)) for sku, units in recipe
                )
            )
        }
        for bundle, recipe in recipes.items()
    }


def _sets(figures: Figures, units: int, kept_back: int) -> int:
    return 10**9 if figures.unlimited else max(figures.free - kept_back, 0) // units
