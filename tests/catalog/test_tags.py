"""Tags of RFID stand on goods of the catalogue, or on goods of nobody here."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Barcode
from colisage.catalog.queries.tags import goods_of_tags
from colisage.kit.gs1.digits import check_digit
from colisage.kit.gs1.epc import sgtin, sscc_epc
from tests.cast import World

EAN = "9506000134352"
CASE = "19506000134359"


def test_tags_stand_on_goods_and_cases(world: World) -> None:
    mug = world.sku("MUG")
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code=EAN)
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code=CASE, units=12)
    one, case = sgtin(EAN, serial="7", prefix_length=7), sgtin(CASE, serial="A", prefix_length=7)
    found = goods_of_tags([world.tilleul.pk], epcs=[one.hex(), case.uri])
    assert [(found[key].standing, found[key].sku_id, found[key].units) for key in (one.hex(), case.uri)] == [
        ("known", mug.pk, 1), ("known", mug.pk, 12),
    ]  # fmt: skip
    assert found[one.hex()].epc == one


def test_goods_of_another_company_are_unknown_and_never_ours(world: World) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code=EAN)
    foreign = sgtin("80614141123458", serial="1", prefix_length=7).hex()
    found = goods_of_tags([world.tilleul.pk], epcs=[foreign])[foreign]
    assert (found.standing, found.sku_id, found.units) == ("unknown", None, 0)
    assert found.epc is not None
    assert found.epc.company_prefix == "0614141"  # said, so that a person can ask whose it is
    ours = sgtin(EAN, serial="1", prefix_length=7).hex()
    assert goods_of_tags([world.northwind.pk], epcs=[ours])[ours].standing == "unknown"


def test_units_and_noise_are_told_apart(world: World) -> None:
    pallet = sscc_epc("106141412345678908", prefix_length=7).hex()
    found = goods_of_tags([world.tilleul.pk], epcs=[pallet, "E2801160600002054C3C8F1A", "", "\x00"])
    assert [found[key].standing for key in (pallet, "E2801160600002054C3C8F1A", "", "\x00")] == [
        "unit", "unreadable", "unreadable", "unreadable",
    ]  # fmt: skip


def test_ten_thousand_tags_are_one_question(world: World) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code=EAN)
    tags = [sgtin(EAN, serial=str(n), prefix_length=7).hex() for n in range(9_000)]
    tags += [sgtin(f"{n:012}" + _check(f"{n:012}"), serial="1", prefix_length=7).hex() for n in range(1_000)]
    with CaptureQueriesContext(connection) as asked:
        found = goods_of_tags([world.tilleul.pk], epcs=tags)
    assert len(asked) == 1
    assert sum(one.sku_id == world.sku("MUG").pk for one in found.values()) == 9_000


def _check(digits: str) -> str:

    return check_digit(digits)
