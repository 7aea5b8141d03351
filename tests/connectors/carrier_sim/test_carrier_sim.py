import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from colisage.connectors.carrier_sim import simulator
from colisage.connectors.carrier_sim.carrier import SimulatedCarrier
from colisage.connectors.carrier_sim.client import client_for
from colisage.connectors.carrier_sim.config import Config
from colisage.connectors.carrier_sim.mapping import CODES, from_message, from_shipment, to_shipment
from colisage.connectors.carrier_sim.simulator import TROUBLES, USUAL
from colisage.shipping.ports import CarrierRefused, CarrierSilent, ShipmentToBuy
from colisage.tracking.ports import Unreadable
from colisage.tracking.rules import Told, standing, verified

SECRET = b"a secret of the carrier"


def behave(config: Config, **ways: list[str]) -> None:
    httpx.post(f"{config.base_url}/behaviour", json=ways, trust_env=False)


def test_the_simulator_does_not_know_the_connector() -> None:
    tree = ast.parse(Path(simulator.__file__).read_text(encoding="utf-8"))
    names = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in getattr(node, "names", [])]
        )
    }
    assert not [name for name in names if name.startswith("colisage")]


def test_the_request_says_everything_in_the_carrier_s_words(wanted: ShipmentToBuy) -> None:
    told = to_shipment(wanted)
    assert told["account"] == "laposte"
    assert told["to"]["name"] == "Éloïse"
    assert told["parcels"][1] == {"grams": 900, "sides_mm": [200, 150, 100]}


def test_a_shipment_is_bought_over_a_socket_and_is_a_specimen(start: Any, wanted: ShipmentToBuy) -> None:
    carrier, config = start()
    bought = SimulatedCarrier(config).buy(wanted)
    assert len(set(bought.tracking_numbers)) == 2
    assert bought.specimen
    assert carrier.calls == [("POST", "/shipments")]
    assert SimulatedCarrier(config).find("key-1") == bought
    assert SimulatedCarrier(config).find("key-2") is None


def test_connections_that_were_closed_are_opened_again(start: Any, wanted: ShipmentToBuy) -> None:
    _, config = start()
    client_for(config).close()
    assert SimulatedCarrier(config).buy(wanted).tracking_numbers
    assert client_for(config) is client_for(config), "and kept open"


def test_the_same_key_buys_once(start: Any, wanted: ShipmentToBuy) -> None:
    carrier, config = start()
    port = SimulatedCarrier(config)
    assert port.buy(wanted) == port.buy(wanted)
    assert len(carrier.sold) == 1
    with pytest.raises(CarrierRefused, match="other content"):
        port.buy(replace(wanted, reference="#9"))


@pytest.mark.parametrize(
    ("way", "sold"), [("error_before_effect", 0), ("error_after_effect", 1), ("drop", 1), ("slow", 1)]
)
def test_no_clear_answer_is_silence_and_the_key_tells_what_was_sold(
    start: Any, wanted: ShipmentToBuy, way: str, sold: int
) -> None:
    carrier, config = start(timeout_seconds=0.4, slow_seconds=1)
    port = SimulatedCarrier(config)
    behave(config, answers=[way])
    with pytest.raises(CarrierSilent):
        port.buy(wanted)
    behave(config)
    assert len(carrier.sold) == sold
    found = port.find(wanted.key)
    assert (found is not None) == bool(sold)
    assert port.buy(wanted) == (found or port.find(wanted.key))
    assert len(carrier.sold) == 1


def test_a_refusal_is_a_clear_no_in_the_carrier_s_words(start: Any, wanted: ShipmentToBuy) -> None:
    carrier, config = start()
    behave(config, answers=["refuse"])
    with pytest.raises(CarrierRefused, match="address not served"):
        SimulatedCarrier(config).buy(wanted)
    assert not carrier.sold


def test_a_carrier_that_is_not_there_is_silent(wanted: ShipmentToBuy) -> None:
    with pytest.raises(CarrierSilent, match="not reached"):
        SimulatedCarrier(Config("http://127.0.0.1:1", SECRET)).buy(wanted)


def test_a_shipment_is_given_back_twice_without_harm_but_not_after_its_collection(
    start: Any, wanted: ShipmentToBuy
) -> None:
    carrier, config = start(day_seconds=60)
    port = SimulatedCarrier(config)
    port.buy(wanted)
    port.void(wanted.key)
    port.void(wanted.key)
    assert not carrier.sold
    port.buy(wanted)
    port.hand_over([wanted.key], manifest="B1")
    with pytest.raises(CarrierRefused, match="collected already"):
        port.void(wanted.key)


def test_parcels_move_after_their_collection_and_messages_are_signed(
    start: Any, receiver: Any, wanted: ShipmentToBuy
) -> None:
    _, config = start()
    port = SimulatedCarrier(config)
    bought = port.buy(wanted)
    port.hand_over([wanted.key], manifest="B1")
    port.hand_over([wanted.key], manifest="B1")  # told twice, moves once
    messages = receiver.wait_for(2 * (1 + len(USUAL)))
    assert len(messages) == 2 * (1 + len(USUAL))
    for headers, body in messages:
        assert verified(headers, body, secrets=[SECRET], now=timezone.now())
    events = [event for _, body in messages for event in from_message(body)]
    assert {e.carrier for e in events} == {"laposte"}
    for number in bought.tracking_numbers:
        stands = standing(
            Told(e.status, e.reason, e.place, e.occurred_at) for e in events if e.tracking_number == number
        )
        assert stands is not None
        assert stands.status == "delivered"


def test_messages_misbehave_as_told_and_the_end_is_the_same(start: Any, receiver: Any, wanted: ShipmentToBuy) -> None:
    _, config = start(day_seconds=0.6)
    behave(config, messages=["duplicate", "out_of_order"])
    port = SimulatedCarrier(config)
    bought = port.buy(wanted)
    port.hand_over([wanted.key], manifest="B1")
    messages = receiver.wait_for(3 * 2 * (1 + len(USUAL)))
    events = [event for _, body in messages for event in from_message(body)]
    names = [headers["webhook-id"] for headers, _ in messages]
    assert len(set(names)) < len(names)
    moments = [e.occurred_at for e in events]
    assert moments != sorted(moments)
    assert len({e.key for e in events}) == 2 * (1 + len(USUAL))
    for number in bought.tracking_numbers:
        stands = standing(
            Told(e.status, e.reason, e.place, e.occurred_at) for e in events if e.tracking_number == number
        )
        assert stands is not None
        assert stands.status == "delivered"


def test_a_message_that_was_not_taken_is_sent_again(start: Any, receiver: Any, wanted: ShipmentToBuy) -> None:
    _, config = start()
    receiver.statuses = [500]
    SimulatedCarrier(config).buy(replace(wanted, parcels=wanted.parcels[:1]))
    [(headers, body)] = receiver.wait_for(1)
    assert verified(headers, body, secrets=[SECRET], now=timezone.now())


def test_every_code_of_the_carrier_is_mapped() -> None:
    assert {"ANNOUNCED"} | {code for way in (USUAL, *TROUBLES) for _, code in way} == set(CODES)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"scans": 1}',
        b'{"account": "a", "tracking": "t", "scans": [{}]}',
        b'{"account": "a", "tracking": "t", "scans": [{"id": "1", "code": "HUB", "at": "yesterday"}]}',
        b'{"account": "a", "tracking": "t", "scans": [{"id": "1", "code": "HUB", "at": "2026-11-24T12:00:00"}]}',
    ],
)
def test_a_message_that_cannot_be_read_says_so(body: bytes) -> None:
    with pytest.raises(Unreadable):
        from_message(body)


def test_a_code_nobody_knows_is_unknown() -> None:
    scan = {"id": "1", "code": "TELEPORTED", "at": "2026-11-24T12:00:00+00:00"}
    [event] = from_message(json.dumps({"account": "a", "tracking": "t", "scans": [scan]}).encode())
    assert (event.status, event.code) == ("unknown", "TELEPORTED")


@pytest.mark.parametrize("answer", [None, {}, [], {"shipment": "S", "parcels": [{}], "live": True}])
def test_an_answer_that_cannot_be_read_is_no_sale(answer: Any) -> None:
    with pytest.raises(ValueError, match="no shipment"):
        from_shipment(answer)
