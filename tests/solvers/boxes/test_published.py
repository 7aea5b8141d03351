"""Real orders against the boxes that BoxPacker used for them (in the shared data)."""

import csv
from collections import defaultdict
from itertools import islice
from pathlib import Path

import pytest

from colisage.solvers.boxes.check import faults
from colisage.solvers.boxes.problem import Box, Item, Problem
from colisage.solvers.boxes.solve import solve

pytestmark = pytest.mark.shared

ORDERS = 300


def read_box(name: str, *numbers: str) -> Box:
    """Read a box; its maximum weight counts the empty box too."""
    outer_l, outer_w, outer_h, empty, inner_l, inner_w, inner_h, most = (int(each) for each in numbers)
    return Box(name, inner_l, inner_w, inner_h, outer_l, outer_w, outer_h, empty, most - empty)


def read_boxes(path: Path) -> tuple[Box, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(read_box(*row) for row in csv.reader(file))


def read_orders(path: Path) -> dict[str, tuple[Item, ...]]:
    orders: dict[str, list[Item]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for order, quantity, _, *sizes in csv.reader(file):
            length, width, height, grams = (int(each) for each in sizes)
            orders[order].append(Item(str(len(orders[order])), length, width, height, grams, quantity=int(quantity)))
    return {order: tuple(items) for order, items in orders.items()}


def test_no_order_takes_more_boxes_than_boxpacker(shared: Path) -> None:
    folder = shared / "bench" / "boxpacker_orders"
    boxes = read_boxes(folder / "boxes.csv")
    orders = read_orders(folder / "items.csv")
    with (folder / "reference_3d.csv").open(encoding="utf-8", newline="") as file:
        reference = {row["order"]: int(row["boxes"]) for row in csv.DictReader(file)}
    for order, items in islice(orders.items(), ORDERS):
        problem = Problem(items, boxes)
        plan = solve(problem)
        assert list(faults(problem, plan)) == []
        assert len(plan.boxes) <= reference[order], order
