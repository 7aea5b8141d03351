"""Two who make a thing of one code at the same moment: the second is told so as anybody is who comes later."""

import io
from collections.abc import Callable
from datetime import date, time
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from colisage.boxing.actions.add_box_types import BoxCodeTaken, add_box_types
from colisage.boxing.models import BoxType
from colisage.boxing.rules import BoxRow
from colisage.carriers.actions.import_rate_cards import CardStands, import_rate_cards
from colisage.carriers.models import Carrier
from colisage.catalog.actions.make_sku import CodeTaken, make_sku
from colisage.catalog.models import Sku
from colisage.catalog.rules import FACTS
from colisage.desk.actions.save_view import save_view
from colisage.inbound.actions.save_checklist import Asked, ChecklistTaken, save_checklist
from colisage.inbound.actions.save_supplier import SupplierCodeTaken, save_supplier
from colisage.inbound.actions.save_supplier_sku import SupplierSkuCodeTaken, save_supplier_sku
from colisage.inbound.actions.write_purchase import NumberTaken, Want, write_purchase
from colisage.inventory.actions.make_plates import PlateCodeTaken, make_plates
from colisage.inventory.actions.save_reason import ReasonTaken, save_reason
from colisage.inventory.actions.save_tag_reader import ReaderNameTaken, save_tag_reader
from colisage.kit.actors import SYSTEM
from colisage.kit.conflicts import again
from colisage.network.actions import open_channels as channels
from colisage.network.actions.add_bins import BinTaken, NewBin, add_bins
from colisage.network.actions.add_zone import ZoneTaken, add_zone
from colisage.network.actions.found_node import NodeCodeTaken, found_node
from colisage.network.models import Node, Zone
from tests.cast import World
from tests.program import Make, Program, program
from tests.together import at_once, behind, faults

__all__ = ["program"]
pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "service,zone,max_weight_kg,price,currency,tax_basis,announced_working_days\n"
ADDRESS = {"line1": "1 quai", "line2": "", "postcode": "44000", "city": "Nantes", "region": "", "country": "FR"}
FACTS_OF_A_NODE: dict[str, Any] = {
    "name": "Nantes", "address": {**ADDRESS, "phone": ""}, "timezone": "Europe/Paris", "cutoff": time(16),
    "working_days": [1, 2, 3], "gln": "",
}  # fmt: skip
SIDES = ("inner_length_mm", "inner_width_mm", "inner_height_mm", "outer_length_mm", "outer_width_mm", "outer_height_mm")


def node(world: World) -> Any:
    return found_node(world.nord.pk, code="NANTES", merchant_ids=[world.tilleul.pk], actor=SYSTEM, **FACTS_OF_A_NODE)


def zone(world: World, code: str = "COLD") -> Any:
    return add_zone(world.nord.pk, node_id=world.lyon.pk, code=code, kind="dock", actor=SYSTEM)


def bins(world: World, *, x_mm: int = 90_000) -> Any:
    storage = Zone.objects.get(node=world.lyon, kind="storage").pk
    one = NewBin(code="Z-01-1", x_mm=x_mm, y_mm=0, level=1, volume_mm3=None, max_grams=None)
    return add_bins(world.nord.pk, node_id=world.lyon.pk, zone_id=storage, bins=[one], actor=SYSTEM)


def box(world: World, code: str = "B1") -> Any:
    row = BoxRow(code=code, name="Box", empty_grams=100, max_grams=9_000, **dict.fromkeys(SIDES, 200))
    return add_box_types(world.nord.pk, [row], actor=SYSTEM)


def sku(world: World, name: str = "One") -> Any:
    facts = {**dict.fromkeys(FACTS), **{f: getattr(world.sku("MUG"), f) for f in FACTS}, "name": name}
    return make_sku(world.tilleul.pk, code="NEW", kind="unit", facts=facts, barcodes=[], recipe=[], actor=SYSTEM)


def supplier(world: World) -> Any:
    return save_supplier(world.tilleul.pk, code="POT", name="Poterie", currency="EUR", actor=SYSTEM)


def purchase(world: World, *, supplier_id: int) -> Any:
    return write_purchase(
        world.tilleul.pk, [Want(world.sku("MUG").pk, 2)], supplier_id=supplier_id, node_id=world.lyon.pk,
        number="PO-1", actor=SYSTEM,
    )  # fmt: skip


def sold_as(world: World, code: str, *, supplier_id: int) -> Any:
    return save_supplier_sku(
        world.tilleul.pk, supplier_id=supplier_id, sku_id=world.sku(code).pk, supplier_code="X", actor=SYSTEM
    )


def reason(world: World) -> Any:
    return save_reason(world.tilleul.pk, name_fr="Vol", name_en="Theft", direction="out", shrinkage=True, actor=SYSTEM)


def reader(world: World) -> Any:
    return save_tag_reader(
        world.nord.pk, node_id=world.lyon.pk, name="Gate", host="10.0.0.9", port=5084, place_code="", actor=SYSTEM
    )


def plate(world: World) -> Any:
    return make_plates(world.tilleul.pk, codes=["P1"], actor=SYSTEM)


def checklist(world: World) -> Any:
    return save_checklist(world.tilleul.pk, name="Glaze", questions=[Asked("yes_no", "Is it even?")], actor=SYSTEM)


def channel(world: World) -> Any:
    return channels.open_channels(world.tilleul.pk, channels=[("api", "new", "New")])


def view(world: World) -> Any:
    return save_view(world.tilleul.pk, owner_id=world.chen.pk, name="Late", query={"stage": "late"}, shared=False)


def tariff(world: World) -> Any:
    file = io.BytesIO((HEADER + "Velo,FR,30,9.90,EUR,HT,2-3\n").encode())
    return import_rate_cards(
        world.nord.pk, file=file, carrier_id=None, carrier_name="Coursier", kind_of_new="home", from_country="FR",
        valid_from=date(2026, 11, 1), valid_to=None, source="contract", replace=False, actor=SYSTEM,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (node, NodeCodeTaken), (zone, ZoneTaken), (bins, BinTaken), (box, BoxCodeTaken), (sku, CodeTaken),
        (supplier, SupplierCodeTaken), (reason, ReasonTaken), (reader, ReaderNameTaken), (plate, PlateCodeTaken),
        (checklist, ChecklistTaken), (channel, channels.CodeTaken), (tariff, CardStands),
    ],
)  # fmt: skip
def test_who_comes_while_another_makes_the_same_is_refused(
    world: World, make: Callable[[World], Any], refusal: type[Exception]
) -> None:
    done, told = behind(partial(make, world), lambda: again(partial(make, world)))
    assert isinstance(told, refusal), repr(told)
    assert str(told)
    assert not isinstance(done, Exception)


def test_codes_that_differ_in_their_case_alone_are_one(world: World) -> None:
    told = behind(partial(box, world, "c1"), lambda: again(partial(box, world, "C1")))[1]
    assert isinstance(told, BoxCodeTaken)
    assert BoxType.objects.filter(code__iexact="c1").count() == 1
    told = behind(partial(zone, world, "c1"), lambda: again(partial(zone, world, "C1")))[1]
    assert isinstance(told, ZoneTaken)


def test_a_new_sku_never_changes_the_one_that_another_made_a_moment_ago(world: World) -> None:
    behind(partial(sku, world, "One"), lambda: again(partial(sku, world, "Two")))
    assert Sku.objects.get(code="NEW").name == "One"


def test_a_number_of_a_purchase_and_a_code_of_a_supplier_stand_for_one_thing(world: World) -> None:
    pot = supplier(world)
    bought = partial(purchase, world, supplier_id=pot)
    assert isinstance(behind(bought, lambda: again(bought))[1], NumberTaken)
    told = behind(
        partial(sold_as, world, "MUG", supplier_id=pot),
        lambda: again(partial(sold_as, world, "PLUME", supplier_id=pot)),
    )[1]
    assert isinstance(told, SupplierSkuCodeTaken), repr(told)


def test_a_view_saved_twice_is_one(world: World) -> None:
    one, two = behind(partial(view, world), lambda: again(partial(view, world)))
    assert one == two


def test_of_five_who_open_shops_under_one_carrier_name_nobody_meets_a_fault(world: World) -> None:
    results = at_once(*[lambda: again(partial(tariff, world))] * 5)
    assert {type(told) for told in faults(results)} == {CardStands}
    assert len(faults(results)) == 4
    assert Carrier.objects.filter(code="coursier").count() == 1


def test_the_form_of_a_node_and_the_api_say_what_they_say_of_any_code_that_is_taken(
    world: World, program: Make
) -> None:
    desk = Client()
    desk.force_login(world.chen)
    desk.cookies["language"] = "en"
    typed = {
        **ADDRESS, "name": "Nantes", "timezone": "Europe/Paris", "cutoff": "16:00", "working_days": ["1", "2"],
        "handling": "1.20",
        "operator": world.nord.pk, "code": "nantes", "merchants": [world.tilleul.pk],
    }  # fmt: skip
    answer = behind(partial(node, world), lambda: desk.post(reverse("node-new"), typed))[1]
    assert answer.status_code == 422
    assert "A node has the code NANTES already." in answer.content.decode()
    assert Node.objects.filter(code="NANTES").count() == 1
    Node.objects.filter(code="NANTES").update(code="OTHER")
    with_key: Program = program("nodes:write")
    sent = {
        "code": "NANTES", "name": "Nantes", "address": {k: v for k, v in ADDRESS.items() if v},
        "timezone": "Europe/Paris", "cutoff": "16:00", "working_days": [1],
    }  # fmt: skip
    answer = behind(partial(node, world), lambda: with_key.post("nodes", sent))[1]
    assert (answer.status_code, answer.json()["code"]) == (409, "node_code_taken")
