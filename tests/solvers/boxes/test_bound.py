from colisage.solvers.boxes.bound import fewest_boxes
from colisage.solvers.boxes.problem import Box, Item, Problem

BOX = Box("cube", 100, 100, 100, 110, 110, 110, empty_grams=100, max_contents_grams=1000)


def test_volume_asks_for_boxes() -> None:
    assert fewest_boxes(Problem((Item("dice", 50, 50, 50, 1, quantity=9),), (BOX,))) == 2


def test_weight_asks_for_boxes() -> None:
    assert fewest_boxes(Problem((Item("anvil", 10, 10, 10, 500, quantity=5),), (BOX,))) == 3


def test_what_fits_nowhere_asks_for_none() -> None:
    items = (Item("TAPIS", 900, 10, 10, 1), Item("safe", 10, 10, 10, 5000))
    assert fewest_boxes(Problem(items, (BOX,))) == 0
