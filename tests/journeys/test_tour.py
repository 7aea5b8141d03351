"""The README's tour in a real browser, in both languages: from a file of orders to a refund, and the books balance."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import House
from tests.journeys.tour import Tour

FROM_NOTHING = True  # whoever takes the tour has just started it for the first time
FILE = Path(__file__).resolve().parents[2] / "docs" / "tour" / "orders.csv"


@pytest.fixture
def tour(house: House, chromium: Any, request: pytest.FixtureRequest) -> Any:
    context = chromium.new_context(locale={"fr": "fr-FR", "en": "en-CA"}[request.param], accept_downloads=True)
    context.set_default_timeout(15_000)
    yield Tour(house, context.new_page(), language=request.param)
    context.close()


def of_others(text: str, numbers: str) -> str:
    """Give the orders of the tour other numbers and customers: the same ones again within a day are held as doubles."""
    text = text.replace("#T2", f"#{numbers}").replace("700000000", f"7{numbers[1]}0000000")
    rows = list(csv.DictReader(io.StringIO(text.replace("@example.com", f"@{numbers.lower()}.example"))))
    for row in rows:
        row["Shipping Address1"] = row["Shipping Address1"] and f"{row['Shipping Address1']}, {numbers}"
    told = io.StringIO()
    out = csv.DictWriter(told, fieldnames=list(rows[0]), lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    return told.getvalue()


@pytest.mark.parametrize(("tour", "numbers"), [("fr", "T2"), ("en", "T3")], indirect=["tour"])
def test_the_tour_of_the_readme(tour: Tour, numbers: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(of_others(FILE.read_text(encoding="utf-8"), numbers), encoding="utf-8")
    order = f"#{numbers}001"  # Léa's mug: 19.00 and 5.90 for delivery

    tour.log_in()
    tour.import_orders(file)
    tour.receive("A-2041")
    tour.until_sourced(order)
    assert tour.pick() > 0
    packed = tour.pack()
    assert packed >= 10
    tour.ship(packed)
    page = tour.mail(f"lea@{numbers.lower()}.example", about=order, says="Your order %(number)s has left")
    tour.follow(page)
    number = tour.send_back()
    tour.take_back(number)
    tour.refund(number, cents=2490)

    books = tour.house.tree.colisage("check", "stock")
    assert books.returncode == 0, books.stdout + books.stderr
