"""Single-block walks against the published optima (Heßler and Irnich, in the shared data)."""

import csv
import re
from pathlib import Path

import pytest

from colisage.solvers.routes.check import faults
from colisage.solvers.routes.problem import Layout, Point, Problem, Stop
from colisage.solvers.routes.solve import solve

pytestmark = pytest.mark.shared


def read(text: str) -> Problem:
    """Read an instance; its cells count from the back (top) of the aisle."""
    head = dict(re.findall(r"^([A-Z_]+) : (\S+)", text, re.MULTILINE))
    pitch, cell = int(head["DISTANCE_AISLE_TO_AISLE"]), int(head["DISTANCE_CELL_TO_CELL"])
    below, above = int(head["DISTANCE_BOTTOM_TO_CELL"]), int(head["DISTANCE_TOP_TO_CELL"])
    last = int(head["NUM_CELLS"]) - 1
    layout = Layout(tuple(pitch * aisle for aisle in range(int(head["NUM_AISLES"]))), (0, below + cell * last + above))
    door = int(head["DISTANCE_TOP_OR_BOTTOM_TO_DEPOT"])
    depot_y = -door if head["DEPOT_LOCATION"] == "bottom" else layout.cross_y_mm[1] + door
    stops = tuple(
        Stop(sku, pitch * int(aisle), below + cell * (last - int(at)), int(aisle))
        for sku, aisle, at in re.findall(r"ID (\d+) AISLE (\d+) CELL (\d+)", text)
    )
    return Problem(Point(pitch * int(head["DEPOT_AISLE"]), depot_y), stops, layout)


def test_every_published_optimum_is_met(shared: Path) -> None:
    folder = shared / "bench" / "routing_single_block"
    name = "unit_F1_m{num aisles}_C{num cells}_a{num articles}_{random seed}.txt"
    with (folder / "results_SPRP.csv").open(encoding="utf-8", newline="") as file:
        published = {name.format_map(row): int(row["DP cost"]) for row in csv.DictReader(file)}
    instances = sorted(folder.glob("unit_*.txt"))
    assert instances
    for path in instances:
        problem = read(path.read_text(encoding="latin-1"))
        plan = solve(problem)
        assert list(faults(problem, plan)) == []
        assert plan.length_mm == published[path.name], path.name
