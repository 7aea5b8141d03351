"""Shops that post orders without pause, and never let go of one before it is acknowledged."""

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

PATIENCE_SECONDS: Final = 30
UNKNOWN: Final = (OSError, http.client.HTTPException)  # the request was sent; what became of it nobody said


@dataclass
class Shop:
    """A client of the API: it sends one order after another, each again and again until it has an answer.

    With `keyed`, each order carries an idempotency key; without, its reference alone must do.
    """

    name: str
    port: int
    token: str
    keyed: bool
    acknowledged: dict[str, int] = field(default_factory=dict)  # order ids by reference
    retried: set[str] = field(default_factory=set)  # references that were sent again after an unknown outcome
    refusals: list[str] = field(default_factory=list)
    given_up: bool = False

    def post_until(self, stop: threading.Event) -> None:
        """Post until told to stop; the last order, too, gets its answer."""
        number = 0
        while not stop.is_set() and not self.refusals:
            self._see_through(f"{self.name}-{number}")
            number += 1

    def _see_through(self, reference: str) -> None:
        """Send an order until it is acknowledged."""
        while reference not in self.acknowledged and not self.refusals and not self.given_up:
            try:
                status, answer = self._post(reference)
            except UNKNOWN:
                status, answer = 0, b""
            if status in {200, 201}:
                self.acknowledged[reference] = json.loads(answer)["id"]
            elif status == 0 or status >= 500 or b'"in_flight"' in answer:  # somebody is dying with our key in hand
                self.retried.add(reference)
                time.sleep(0.05)
            else:
                self.refusals.append(f"{reference}: {status} {answer.decode()}")

    def _post(self, reference: str) -> tuple[int, bytes]:
        line = {"sku": "CARTE", "quantity": 1 + len(reference) % 3, "unit_price_cents": 250}
        address = {"name": "Zoé", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"}
        order = {"reference": reference, "channel": "shop", "currency": "EUR", "lines": [line], "ship_to": address}
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if self.keyed:
            headers["Idempotency-Key"] = f"key-{reference}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", "/api/v1/orders", body=json.dumps(order), headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextlib.contextmanager
def posting(shops: Sequence[Shop]) -> Iterator[None]:
    """Have shops post while the block runs; at its end each sees its last order through."""
    stop = threading.Event()
    threads = [threading.Thread(target=shop.post_until, args=(stop,), name=shop.name) for shop in shops]
    for thread in threads:
        thread.start()
    try:
        yield
    except BaseException:
        for shop in shops:
            shop.given_up = True
        raise
    finally:
        stop.set()
        for thread in threads:
            thread.join(2 * PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "an order has no answer"
