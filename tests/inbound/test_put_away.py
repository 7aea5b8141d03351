"""From the dock into a bin: what is suggested, what is refused, who may decide otherwise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from colisage.catalog.actions.store_skus import store_skus
from colisage.desk.queries.floor import work_for
from colisage.inbound.actions.put_away import (
    AgainstRules,
    BinFull,
    NoSuchBin,
    TooMany,
    WrongStorage,
    put_away,
)
from colisage.inbound.actions.put_away_many import Portion, put_away_many
from colisage.inbound.actions.receive_many import Against, Taken, receive_many
from colisage.inbound.actions.save_putaway_rules import RuleUnknown, save_putaway_rules
from colisage.inbound.models import PutawayRule, Receipt
from colisage.inbound.queries import on_the_dock
from colisage.inbound.queries.putaway import suggestions
from colisage.inbound.rules.putaway import Rule
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.network.actions.equip_node import NotABin, equip_node
from colisage.network.models import Place, StorageType, Zone
from colisage.orders.actions.place_orders import place_orders
from tests.cast import World
from tests.inbound.dock import at_the_dock, desk, lying, take_in
from tests.inbound.screens import text_of


def bin_at(world: World, code: str) -> Place:
    return Place.objects.get(node=world.lyon, code=code)


def put(world: World, receipt: int, code: str, qty: int = 10, **changes: bool) -> int:
    return put_away(world.tilleul.pk, receipt_id=receipt, bin_code=code, qty=qty, actor=SYSTEM, **changes)


def best(world: World) -> list[str]:
    found = suggestions(on_the_dock([world.tilleul.pk]))
    return [s.best.bin.code if s.best else "" for s in found]


def test_a_full_bin_is_refused_with_the_room_it_has(balanced: World) -> None:
    receipt = take_in(balanced)
    Place.objects.filter(pk=bin_at(balanced, "C-01-1").pk).update(volume_mm3=4 * 120 * 95 * 100)
    with pytest.raises(BinFull) as refused:
        put(balanced, receipt, "C-01-1")
    with override("en"):
        assert "4 of 10" in str(refused.value)
    assert lying(balanced, "MUG") == {("dock", "sellable"): 10}
    assert put(balanced, receipt, "C-01-1", 4) == 6
    Place.objects.filter(pk=bin_at(balanced, "C-02-1").pk).update(max_grams=380 * 3)
    with pytest.raises(BinFull):
        put(balanced, receipt, "C-02-1", 4)


def test_units_lie_where_they_keep(balanced: World) -> None:
    cold = StorageType.objects.get(code="cold").pk
    store_skus(balanced.tilleul.pk, sku_ids=[balanced.sku("MUG").pk], storage_id=cold, actor=SYSTEM)
    receipt = take_in(balanced)
    assert best(balanced) == [""]
    with pytest.raises(WrongStorage):
        put(balanced, receipt, "C-01-1", override=True)
    Place.objects.filter(pk=bin_at(balanced, "C-01-1").pk).update(storage_id=cold)
    assert best(balanced) == ["C-01-1"]
    put(balanced, receipt, "C-01-1")
    other = take_in(balanced, "CARTE")
    with pytest.raises(WrongStorage):
        put(balanced, other, "C-01-1")


def test_a_rule_that_must_be_kept_is_overridden_by_who_may_and_recorded(balanced: World) -> None:
    save_putaway_rules(
        balanced.nord.pk, node_id=balanced.lyon.pk, rules=[Rule("alone", must=True), Rule("near")], actor=SYSTEM
    )
    receipt = take_in(balanced)
    with pytest.raises(AgainstRules) as refused:
        put(balanced, receipt, "A-02-1")
    assert refused.value.code == "against_putaway_rules"
    assert put(balanced, receipt, "A-02-1", override=True) == 0
    assert AuditEntry.objects.get(verb="putaway_overridden").data == {"bin": "A-02-1", "why": "mixed"}


def test_another_node_s_bin_is_not_here(balanced: World) -> None:
    Place.objects.create(node=balanced.montreal, kind="bin", code="Z-01-1")
    receipt = take_in(balanced)
    with pytest.raises(NoSuchBin):
        put(balanced, receipt, "Z-01-1")
    with pytest.raises(NotThere):
        put_away(balanced.northwind.pk, receipt_id=receipt, bin_code="A-01-1", qty=1, actor=SYSTEM)


def test_serial_numbers_of_a_delivery_go_together_all_or_none(balanced: World) -> None:
    made = [take_in(balanced, "LAMPE", 1, serial=f"SN-{n}", tracks_serials=True) for n in range(5)]
    portions = [Portion(pk, 1) for pk in made]
    with pytest.raises(TooMany):
        put_away_many(balanced.tilleul.pk, [*portions[:4], Portion(made[4], 2)], bin_code="C-01-1", actor=SYSTEM)
    assert Receipt.objects.filter(put_away=1).count() == 0
    phone = at_the_dock(balanced)
    page = reverse("put-away-one", args=[made[0]])
    assert b"All 5 serial numbers" in phone.get(page).content
    done = phone.post(page, {"code": "C-01-1", "together": "yes", "qty": "1"})
    assert done.headers["Location"] == reverse("put-away")
    assert not lying(balanced, "LAMPE")


def test_goods_of_two_skus_are_not_one_portion(balanced: World) -> None:
    made = [take_in(balanced), take_in(balanced, "CARTE")]
    with pytest.raises(NotThere):
        put_away_many(balanced.tilleul.pk, [Portion(pk, 1) for pk in made], bin_code="C-01-1", actor=SYSTEM)


def test_the_phone_says_why_and_what_else(balanced: World) -> None:
    receipt = take_in(balanced)
    text = at_the_dock(balanced).get(reverse("put-away-one", args=[receipt])).content.decode()
    assert "Why this bin?" in text
    assert "the SKU lies here" in text


def test_the_phone_says_what_lies_where_and_asks_for_a_number(balanced: World) -> None:
    page, phone = reverse("put-away-one", args=[take_in(balanced)]), at_the_dock(balanced)
    none = phone.post(page, {"code": "A-02-1", "qty": "-1"})
    assert (none.status_code, b"at least one" in none.content) == (422, True)
    assert f"4 × {balanced.sku('MUG').name} put away in A·02·1." in text_of(
        phone.post(page, {"code": "a-02-1", "qty": "4"})
    )
    assert "6 ×" in text_of(phone.post(page, {"code": "A-02-1"}, follow=True))


def test_only_a_manager_is_offered_to_decide_otherwise(balanced: World) -> None:
    save_putaway_rules(balanced.nord.pk, node_id=balanced.lyon.pk, rules=[Rule("alone", must=True)], actor=SYSTEM)
    page = reverse("put-away-one", args=[take_in(balanced)])
    phone, office = at_the_dock(balanced), desk(balanced)
    told = {"code": "A-02-1", "qty": "10", "override": "A-02-1"}
    refused = phone.post(page, told)
    assert (refused.status_code, b"all the same" in refused.content) == (422, False)
    offered = office.post(page, {"code": "A-02-1", "qty": "10"})
    assert (offered.status_code, b"Put it there all the same" in offered.content) == (422, True)
    assert office.post(page, {**told, "code": "A-03-1"}).status_code == 422  # it was said of another bin
    assert office.post(page, told).status_code == 302


def test_many_receipts_are_suggested_bins_in_as_many_statements_as_few(balanced: World) -> None:
    def asked() -> int:
        receipts = on_the_dock([balanced.tilleul.pk], most=500)
        with CaptureQueriesContext(connection) as queries:
            suggestions(receipts)
        return len(queries)

    for code in ("MUG", "CARTE", "TAPIS"):
        take_in(balanced, code)
    few = asked()
    for n in range(30):
        take_in(balanced, ("MUG", "CARTE", "LAMPE")[n % 3], 1)
    assert asked() == few


def test_a_manager_edits_the_table_and_what_zones_are_for(balanced: World) -> None:
    office = desk(balanced)
    page = reverse("putaway-rules")
    assert b"Keep a SKU together" in office.get(page).content
    told = {"position_near": "2", "position_alone": "1", "must_alone": "yes", "position_storage": "9"}
    office.post(reverse("putaway-rules-save", args=[balanced.lyon.pk]), told)
    assert list(PutawayRule.objects.order_by("position").values_list("kind", "must")) == [
        ("alone", True), ("near", False), ("storage", True),
    ]  # fmt: skip
    office.post(reverse("putaway-rules-save", args=[balanced.lyon.pk]), {"position_near": "x"})
    assert PutawayRule.objects.count() == 3
    zone, cold = Zone.objects.get(node=balanced.lyon, code="A"), StorageType.objects.get(code="cold")
    office.post(
        reverse("putaway-equip", args=[balanced.lyon.pk]), {f"zone_{zone.pk}": cold.pk, "cross_dock": "a-01-1, A-02-1"}
    )
    zone.refresh_from_db()
    assert zone.storage_id == cold.pk
    assert Place.objects.filter(cross_dock=True).count() == 2
    office.post(reverse("putaway-store"), {"skus": "MUG carte", "storage": cold.pk})
    assert b"MUG" in office.get(page).content
    assert office.get(page, {"node": "9" * 30}).status_code == 200


def test_only_managers_of_a_node_change_its_rules(balanced: World) -> None:
    save, store = reverse("putaway-rules-save", args=[balanced.lyon.pk]), reverse("putaway-store")
    phone = at_the_dock(balanced)
    assert (phone.get(reverse("putaway-rules")).status_code, phone.post(save).status_code) == (200, 403)
    assert phone.post(store, {"skus": "MUG"}).status_code == 403
    assert at_the_dock(balanced, balanced.dee).post(save).status_code == 404
    assert not PutawayRule.objects.exists()


def test_a_rule_stands_once_and_only_bins_hold_what_goes_first(balanced: World) -> None:
    facts = {"node_id": balanced.lyon.pk, "actor": SYSTEM}
    with pytest.raises(RuleUnknown):
        save_putaway_rules(balanced.nord.pk, rules=[Rule("near"), Rule("near")], **facts)
    with pytest.raises(NotThere):
        save_putaway_rules(balanced.boreal.pk, rules=[Rule("near")], **facts)
    with pytest.raises(NotABin):
        equip_node(balanced.nord.pk, zones={}, cross_dock=["DOCK"], **facts)


@pytest.fixture
def full(balanced: World) -> World:
    """Give the world with 103 mugs on the dock, each received by itself, and a younger lamp that somebody waits for."""
    mugs = [Taken(sku_id=balanced.sku("MUG").pk, sku_code="MUG", good=1) for _ in range(103)]
    receive_many(balanced.tilleul.pk, mugs, node_id=balanced.lyon.pk, against=Against(), actor=SYSTEM)
    place_orders([balanced.order(("LAMPE", 900))], actor=SYSTEM)
    return balanced


def test_what_is_waited_for_comes_first_on_a_full_dock_and_every_page_follows(full: World) -> None:
    lamp = take_in(full, "LAMPE", 1, serial="SN-1", tracks_serials=True)
    phone, page = at_the_dock(full), reverse("put-away")
    first = phone.get(page)
    rows = [row["id"] for row in first.context["dock"]]
    assert (rows[0], len(rows)) == (lamp, 100)
    second = phone.get(page, {"after": first.context["next"]})
    rows += [row["id"] for row in second.context["dock"]]
    assert second.context["next"] is None
    assert rows == [lamp, *Receipt.objects.exclude(pk=lamp).order_by("pk").values_list("pk", flat=True)]
    for odd in ("w", "x", "-1", "w99999999999999999999", "\0"):
        assert len(phone.get(page, {"after": odd}).context["dock"]) == 100
    assert work_for([full.tilleul.pk], roles=["receiver"])[1].count == 104
    assert "104 receipts to put away" in text_of(phone.get(reverse("receiving")))


def test_a_scan_finds_what_is_beyond_the_first_page(full: World) -> None:
    take_in(full, "LAMPE", 1, serial="SN-1", tracks_serials=True)
    card = take_in(full, "CARTE", 3)
    lamp = take_in(full, "LAMPE", 1, serial="SN-2", tracks_serials=True)
    phone, page = at_the_dock(full), reverse("put-away")
    for code, receipt in (("CARTE", card), ("SN-2", lamp)):
        assert phone.post(page, {"code": code}).headers["Location"] == reverse("put-away-one", args=[receipt])
    several = phone.post(page, {"code": "MUG"}, follow=True)
    assert {row["about"].split(" · ")[0] for row in several.context["dock"]} == {"MUG"}
    on = phone.get(page, {"code": "MUG", "after": several.context["next"]})
    assert len(several.context["dock"]) + len(on.context["dock"]) == 103
    assert phone.get(page, {"code": "ENVELOPE"}).headers["Location"] == page


def test_the_list_asks_as_much_for_three_receipts_as_for_three_hundred(balanced: World) -> None:
    phone = at_the_dock(balanced)

    def asked(many: int) -> list[int]:
        mugs = [Taken(sku_id=balanced.sku("MUG").pk, sku_code="MUG", good=1) for _ in range(many)]
        receive_many(balanced.tilleul.pk, mugs, node_id=balanced.lyon.pk, against=Against(), actor=SYSTEM)
        counts = []
        for address in ("put-away", "receiving", "floor"):
            with CaptureQueriesContext(connection) as queries:
                assert phone.get(reverse(address)).status_code == 200
            counts.append(len(queries))
        return counts

    asked(3)
    few = asked(1)
    assert asked(296) == few
