"""Returns over the API."""

from colisage.returns.models import ReturnRequest
from tests.program import Make, code_of, program, statements, stranger
from tests.returns.conftest import Asked, Delivered

__all__ = ["program", "stranger"]


def test_a_return_is_told_and_the_customers_words_only_with_the_scope(
    delivered: Delivered, asked: Asked, program: Make
) -> None:
    order = delivered(("COFFRET", 2))
    made = asked(order, ("COFFRET", 1), note="It is too blue")
    told = program("returns:read").read(f"returns/{made}")
    assert (told["number"], told["order_id"], told["node"]) == (f"R{made:06d}", order, "LYON")
    assert sorted((item["sku"], item["expected"], item["received"]) for item in told["items"]) == [
        ("CARTE", 2, 0),
        ("MUG", 1, 0),
    ]
    assert told["refund"] is None
    assert told["note"] is None
    assert program("returns:read", "customers:read").read(f"returns/{made}")["note"] == "It is too blue"


def test_returns_are_listed_page_by_page(delivered: Delivered, asked: Asked, program: Make, stranger: Make) -> None:
    made = [asked(delivered(("MUG", 2)), ("MUG", 1)) for _ in range(3)]
    ReturnRequest.objects.filter(pk=made[0]).update(state="received")
    ask = program("returns:read")
    assert [one["id"] for one in ask.every("returns", limit=2)] == made[::-1]
    assert [one["id"] for one in ask.read("returns", state="received")["items"]] == made[:1]
    assert stranger("returns:read").read("returns")["items"] == []
    assert code_of(stranger("returns:read").get(f"returns/{made[0]}")) == (404, "not_there")
    assert code_of(ask.get("returns", state="lost")) == (422, "malformed")


def test_a_page_of_returns_costs_the_same_whatever_it_holds(delivered: Delivered, asked: Asked, program: Make) -> None:
    ask = program("returns:read")
    asked(delivered(("MUG", 2)), ("MUG", 1))
    few = statements(lambda: ask.read("returns"))
    for _ in range(5):
        asked(delivered(("MUG", 1), ("COFFRET", 1)), ("MUG", 1), ("COFFRET", 1))
    assert len(ask.read("returns")["items"]) == 6
    assert statements(lambda: ask.read("returns")) == few
