"""The same story over HTTP alone: orders by the API, the floor's and the customer's doors, two refunds to the cent."""

import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from colisage.desk.management.commands.demo_load import TILLEUL
from tests.journeys.conftest import House

FROM_NOTHING = False  # the tour does that
CODES = {name: code for code, name, *_rest in TILLEUL}
ORDER = {
    "reference": "API-77",
    "number": "API-77",
    "currency": "EUR",
    "language": "en",
    "email": "ines@example.com",
    "shipping_cents": 590,
    "lines": [
        {"sku": "MUG-GRES-SABLE", "name": "Mug en grès sable", "quantity": 2, "unit_price_cents": 1900},
    ],
    "ship_to": {
        "name": "Inès Benali", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR",
    },
}  # fmt: skip


class Hand:
    """Somebody with an HTTP client: opens pages and sends their forms."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client = httpx.Client(base_url=house.tree.address, follow_redirects=True, timeout=30)
        self.page = ""

    def open(self, path: str, **query: Any) -> str:
        answer = self.client.get(path, params=query or None)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        self.page = unescape(answer.text)
        return self.page

    def send(self, path: str, *, status: int = 200, **fields: Any) -> str:
        fields["csrfmiddlewaretoken"] = self.client.cookies["csrftoken"]
        answer = self.client.post(path, data=fields)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:3000])
        self.page = unescape(answer.text)
        return self.page

    def find(self, pattern: str) -> str:
        found = re.search(pattern, self.page, re.DOTALL)
        assert found, (pattern, self.page[:4000])
        return found[1]

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.page, re.DOTALL) is not None

    def log_in(self, email: str) -> None:
        self.open("/people/log-in")
        self.send("/people/log-in", username=email, password=self.house.passwords[email])
        self.send("/i18n/setlang/", language="en")


@pytest.fixture
def chen(house: House) -> Iterator[Hand]:
    hand = Hand(house)
    hand.log_in("chen@maison-tilleul.example")
    yield hand
    hand.client.close()


@pytest.fixture
def customer(house: House) -> Iterator[Hand]:
    hand = Hand(house)
    yield hand
    hand.client.close()


def until(is_so: Callable[[], Any], *, seconds: float = 60) -> None:
    patience = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < patience
        time.sleep(0.3)


def test_the_whole_story_by_http(house: House, chen: Hand, customer: Hand) -> None:
    order_id = order_by_api(house, chen)
    until(lambda: "Lyon" in chen.open(f"/orders/{order_id}"))  # sourced
    pick_everything(chen)
    hand_over(chen, pack_everything(chen))

    until(lambda: house.mails_to(ORDER["email"], about="API-77 has left"))
    link = re.search(r"http\S+", house.mails_to(str(ORDER["email"]), about="API-77 has left")[-1])
    assert link
    page = link[0].removeprefix(house.tree.address)
    until(lambda: "Your order is delivered" in customer.open(page))

    first = send_back_one(customer, page)
    take_back(chen, first, disposition="restock", bin_code=True)
    assert refund(chen, first) == "€19.00"  # one of two mugs: delivery is not paid back yet
    second = send_back_one(customer, page)
    take_back(chen, second, disposition="destroy", bin_code=False)
    assert refund(chen, second) == "€24.90"  # the other, and delivery with it

    until(lambda: len(house.mails_to(str(ORDER["email"]), about="paid back to you")) == 2)
    books = house.tree.colisage("check", "stock")
    assert books.returncode == 0, books.stdout + books.stderr


def order_by_api(house: House, chen: Hand) -> int:
    """Make a key, send the order, and send it again."""
    chen.open("/settings/keys")
    chen.send("/settings/keys", name="story", scopes="orders:write")
    token = chen.find(r'class="mono">(co_[^<]+)<')
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "story-77"}
    answers = [
        httpx.post(f"{house.tree.address}/api/v1/orders", json=ORDER, headers=headers, timeout=30) for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    anew = httpx.post(
        f"{house.tree.address}/api/v1/orders",
        json=ORDER,
        headers={"Authorization": headers["Authorization"]},
        timeout=30,
    )
    assert anew.status_code == 200  # the same order, known already
    return int(answers[0].json()["id"])


def pick_everything(chen: Hand) -> None:
    """Release every cut-off, and pick each batch to its end."""
    chen.open("/picking/")
    while chen.has(r'id="release-'):
        form = chen.find(r'(<form id="release-.*?</form>)')
        values = dict(re.findall(r'name="(node|ship_by)" value="([^"]*)"', form))
        chen.send("/picking/release", most="500", **values)
        chen.open("/picking/")
    chen.open("/picking/floor")
    while chen.has(r"/picking/batches/\d+/take"):
        chen.send(chen.find(r'action="(/picking/batches/\d+/take)"'))
        while chen.has(r"/picking/tasks/\d+/scan"):
            item = chen.find(r'class="item".*?<b>([^<]+)</b>')
            chen.send(chen.find(r'action="(/picking/tasks/\d+/scan)"'), code=CODES[item])
        chen.open("/picking/floor")


def pack_everything(chen: Hand) -> int:
    """Scan each parcel's contents, and close it with the weight that is expected; give how many there were."""
    packed = 0
    while "Nothing to pack" not in chen.open("/packing/"):
        if not chen.has(r'href="/packing/parcels/\d+"'):  # picked a moment ago: the worker plans its parcels
            time.sleep(0.3)
            continue
        parcel = chen.find(r'href="(/packing/parcels/\d+)"')
        chen.open(parcel)
        while chen.has(r'<form class="scan"'):
            item = chen.find(r'data-at="now".*?<b>([^<]+)</b>')
            chen.send(f"{parcel}/scan", code=CODES[item])
        grams = re.sub(r"\D", "", chen.find(r'class="card scale".*?<span class="soft">([^<]+)<'))
        chen.send(f"{parcel}/seal", grams=grams)
        packed += 1
    return packed


def hand_over(chen: Hand, parcels: int) -> None:
    """Wait for the labels, and hand each pile over."""
    until(lambda: f"{parcels} parcels to hand over" in chen.open("/shipping/"))
    while chen.has(r'id="leave-'):
        form = chen.find(r'(<dialog[^>]*id="leave-.*?</dialog>)')
        values = dict(re.findall(r'name="(node|carrier)" value="([^"]*)"', form))
        chen.send("/shipping/hand-over", **values)
        chen.open("/shipping/")


def send_back_one(customer: Hand, page: str) -> str:
    """Ask for a return of one unit on the customer's page; give its number."""
    customer.open(f"{page}/return")
    line = customer.find(r'name="units_(\d+)"')
    customer.send(f"{page}/return", **{f"units_{line}": "1", f"reason_{line}": "changed_mind"})
    label = customer.client.get(customer.find(r'href="(/portal/o/[^"]+/label/\d+)"'))
    assert label.content.startswith(b"%PDF")
    return str(re.findall(r"R\d{6}", customer.page)[0])


def take_back(chen: Hand, number: str, *, disposition: str, bin_code: bool) -> None:
    """Scan the label, scan the item, and judge it."""
    chen.open("/returns/table")
    chen.send("/returns/table", code=number)
    table = chen.find(r'action="(/returns/table/\d+)"')
    chen.send(table, code="MUG-GRES-SABLE")
    item = chen.find(r'name="item" value="(\d+)"')
    chen.send(f"{table}/judge", item=item, grade="b")
    where = {"bin": chen.find(r'name="bin" value="([^"]+)"')} if bin_code else {}
    chen.send(f"{table}/judge", item=item, grade="b", quantity="1", disposition=disposition, **where)


def refund(chen: Hand, number: str) -> str:
    """Decide the refund, say that it was paid; give what it came to."""
    path = f"/returns/{int(number[1:])}"
    chen.open(path)
    chen.send(f"{path}/refund")
    total = chen.find(r"<dt>Total</dt><dd[^>]*><b>([^<]+)</b>")
    chen.send(f"{path}/paid", reference=f"re_{number}")
    assert "closed" in chen.page
    return total
