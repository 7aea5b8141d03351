from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from colisage.carriers.models import Carrier
from colisage.inventory.checks import differences
from colisage.inventory.models import Reservation, StockCell
from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.errors import NotThere
from colisage.kit.models import Event
from colisage.network.queries import place_of, virtual_place
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import parts
from colisage.shipping.actions.announce_manifest import announce_manifest
from colisage.shipping.actions.hand_over import NothingToHandOver, hand_over
from colisage.shipping.models import Manifest
from colisage.shipping.queries import manifest_pdf, to_announce, to_hand_over
from tests.cast import World
from tests.shipping.conftest import Packed, shipment
from tests.shipping.fakes import FakeCarrier


def units_at_handover(world: World) -> int:
    place = place_of(world.lyon.pk, kind="handover").pk
    return sum(StockCell.objects.filter(place=place).values_list("qty", flat=True))


def test_everything_labelled_leaves_on_one_manifest(
    world: World, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    ids = labelled((("MUG", 2),), (("CARTE", 3),))
    assert units_at_handover(world) == 5
    made = hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    manifest = Manifest.objects.get(pk=made)
    assert (manifest.shipments, manifest.parcels, manifest.closed_by) == (2, 2, "Chen")
    assert {p.stage for p in parts(ids).values()} == {"handed_over"}
    assert units_at_handover(world) == 0
    assert set(Reservation.objects.values_list("state", flat=True)) == {"consumed"}
    assert Event.objects.filter(kind="ShipmentHandedOver").count() == 2
    assert differences() == []


def test_handing_over_twice_finds_nothing(world: World, labelled: Packed, laposte: Carrier, chen: Actor) -> None:
    labelled((("MUG", 2),))
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    with pytest.raises(NothingToHandOver):
        hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    assert Manifest.objects.count() == 1


def test_what_is_held_stays(world: World, labelled: Packed, laposte: Carrier, chen: Actor) -> None:
    first, second = labelled((("MUG", 1),), (("CARTE", 1),))
    set_hold(world.tilleul.pk, order_ids=[shipment(second).order_id], kind="manual", reason="wait", actor=SYSTEM)
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    assert {pk: p.stage for pk, p in parts([first, second]).items()} == {first: "handed_over", second: "labelled"}
    assert units_at_handover(world) == 1


def test_another_operator_hands_over_nothing_here(
    world: World, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    labelled((("MUG", 1),))
    with pytest.raises(NothingToHandOver):
        hand_over(world.boreal.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    assert to_hand_over([world.tilleul.pk], operator_ids=[world.boreal.pk]) == []


def test_many_leave_in_as_many_statements_as_few(world: World, labelled: Packed, laposte: Carrier, chen: Actor) -> None:
    virtual_place("customer")  # asked once in the life of a process
    counts = []
    for many in (2, 14):
        labelled(*[(("CARTE", 1),)] * many)
        with CaptureQueriesContext(connection) as queries:
            hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_carrier_is_told_until_it_answers(
    world: World, carrier: FakeCarrier, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    [part] = labelled((("MUG", 1),))
    made = hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    carrier.moods = ["down"]
    assert announce_manifest(to_announce()) == 0
    assert announce_manifest(to_announce()) == 1
    assert to_announce() == []
    assert carrier.handed == [(Manifest.objects.get(pk=made).number, (shipment(part).idempotency_key,))]


def test_the_manifest_lists_every_number_and_has_room_to_sign(
    world: World, labelled: Packed, laposte: Carrier, chen: Actor
) -> None:
    labelled((("MUG", 1),), (("CARTE", 1),))
    made = hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, actor=chen)
    text = PdfReader(BytesIO(manifest_pdf([world.nord.pk], manifest_id=made))).pages[0].extract_text()
    assert text.count("ZZ") == 4
    assert "Chen" in text
    with pytest.raises(NotThere):
        manifest_pdf([world.boreal.pk], manifest_id=made)
