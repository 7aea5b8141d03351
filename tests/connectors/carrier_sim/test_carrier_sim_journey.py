"""From the packed order to the door, over real sockets, with a carrier that misbehaves."""

import base64
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import World
from tests.connectors.carrier_sim.conftest import SECRET
from tests.shipping.conftest import Packed
from tests.shipping.test_buy_labels import later

from colisage.carriers.models import Carrier as CarrierRow
from colisage.connectors.carrier_sim.config import TIMEOUT_SECONDS
from colisage.inventory.checks import differences
from colisage.kit.actors import SYSTEM
from colisage.orders.queries import parts
from colisage.shipping.actions.announce_manifest import announce_manifest
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import CarrierAccount, Label, Shipment
from colisage.shipping.queries import to_announce, without_answer
from colisage.tracking.actions.apply_deliveries import apply_deliveries
from colisage.tracking.models import Track, TrackingEvent


@pytest.fixture
def simulated(world: World, laposte: CarrierRow, start: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    carrier, config = start(day_seconds=0.3, timeout_seconds=TIMEOUT_SECONDS)
    CarrierAccount.objects.create(operator=world.nord, carrier=laposte, connector="carrier_sim")
    settings.COLISAGE_CARRIERS = {"carrier_sim": "colisage.connectors.carrier_sim.carrier.SimulatedCarrier"}
    settings.COLISAGE_TRACKING = {"carrier_sim": "colisage.connectors.carrier_sim.webhooks.SimulatedMessages"}
    monkeypatch.setenv("COLISAGE_CARRIER_SIMULATOR", config.base_url)
    monkeypatch.setenv("COLISAGE_CARRIER_SIMULATOR_SECRET", base64.b64encode(SECRET).decode())
    return carrier, config


def test_every_order_arrives_once_whatever_the_carrier_does(
    world: World,
    packed: Packed,
    laposte: CarrierRow,
    simulated: Any,
    receiver: Any,
) -> None:
    carrier, config = simulated
    ids = packed((("MUG", 1),), (("LAMPE", 2),), (("CARTE", 3),))
    made = request_shipments(ids)
    _behave(config, answers=["error_after_effect"], messages=["duplicate", "out_of_order"])
    assert buy_labels(made) == 0
    _behave(config, messages=["duplicate", "out_of_order"])
    later()
    assert buy_labels(without_answer()) == 3
    assert (len(carrier.sold), Label.objects.count()) == (3, 4)
    assert [call for call in carrier.calls if call == ("POST", "/shipments")] == [("POST", "/shipments")] * 3
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=SYSTEM)
    assert announce_manifest(to_announce()) == 1
    told = 4 * 6 * 3  # parcels, scans, and each message again in two ways
    for headers, body in receiver.wait_for(told, seconds=20):
        signed = {name: value for name, value in headers.items() if name.startswith("webhook-")}
        url = reverse("tracking-webhook", args=["carrier_sim"])
        assert Client().post(url, body, content_type="application/json", headers=signed).status_code == 204
        apply_deliveries()
    assert set(Track.objects.values_list("status", flat=True)) == {"delivered"}
    assert TrackingEvent.objects.count() == 4 * 6
    assert {p.stage for p in parts(ids).values()} == {"delivered"}
    assert set(Shipment.objects.values_list("state", flat=True)) == {"handed_over"}
    assert differences() == []


def _behave(config: Any, **ways: list[str]) -> None:
    httpx.post(f"{config.base_url}/behaviour", json=ways, trust_env=False)
