"""Labels to print, over the API: of goods, lots and plates by their codes, of bins where the floor is one's own."""

from typing import Any

import pytest

from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.models import Lot
from colisage.kit.actors import SYSTEM
from tests.cast import World
from tests.program import Make, code_of, program, stranger

__all__ = ["program", "stranger"]
LABELS = "stock/labels"


@pytest.fixture
def coded(world: World) -> World:
    """Give the world with a lot and a plate."""
    Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L-7")
    make_plates(world.tilleul.pk, codes=["PAL-7"], actor=SYSTEM)
    return world


@pytest.mark.parametrize(
    ("what", "asked", "says", "number"),
    [
        ("skus", {"codes": "mug, CARTE, NOPE", "copies": 2}, "MUG", 4),
        ("lots", {"codes": "L-7"}, "L-7", 1),
        ("lots", {"codes": "L-7", "sku": "mug"}, "L-7", 1),
        ("plates", {"codes": "pal-7"}, "PAL-7", 1),
        ("bins", {"node": "lyon", "beginning": "a-01", "arrows": "level"}, "A-01-1", 1),
    ],
)
@pytest.mark.usefixtures("coded")
def test_labels_are_given_for_a_printer_and_on_paper(
    program: Make, what: str, asked: dict[str, Any], says: str, number: int
) -> None:
    ask = program("stock:read")
    answer = ask.get(f"{LABELS}/{what}", **asked, paper="zpl")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8"), answer.content
    assert answer.content.decode().count("^XA") == number
    assert says in answer.content.decode()
    assert ask.get(f"{LABELS}/{what}", **asked).content[:4] == b"%PDF"


@pytest.mark.usefixtures("coded")
def test_what_cannot_be_printed_is_refused(program: Make) -> None:
    ask = program("stock:read")
    for what, asked, refused in (
        ("skus", {"codes": "NOPE"}, (404, "not_there")),
        ("lots", {"codes": "L-7", "sku": "NOPE"}, (404, "not_there")),
        ("lots", {"codes": "L-7", "sku": "TAPIS"}, (404, "not_there")),
        ("bins", {"node": "MTL"}, (403, "not_your_floor")),
        ("bins", {"node": "LYON", "beginning": "Z"}, (404, "not_there")),
        ("skus", {"codes": "MUG, CARTE, TAPIS, LAMPE, PLUME", "copies": 500}, (422, "too_many_labels")),
        ("skus", {"codes": "MUG", "paper": "wood"}, (422, "malformed")),
        ("skus", {}, (422, "malformed")),
        ("skus", {"codes": " , "}, (422, "no_codes")),
    ):
        assert code_of(ask.get(f"{LABELS}/{what}", **asked)) == refused, (what, asked)


@pytest.mark.usefixtures("coded")
def test_labels_of_others_are_not_there(program: Make, stranger: Make) -> None:
    ask = stranger("stock:read")
    for what, asked in (("lots", {"codes": "L-7"}), ("plates", {"codes": "PAL-7"}), ("bins", {"node": "LYON"})):
        assert code_of(ask.get(f"{LABELS}/{what}", **asked)) == (404, "not_there")
    assert code_of(program("orders:read").get(f"{LABELS}/skus", codes="MUG")) == (401, "unauthorized")
