"""The calendar: what is past its date, or too near it, is not sold from the day on which that begins."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from colisage.catalog.models import Sku
from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.correct_expiry import correct_expiry
from colisage.inventory.actions.expire_lots import expire_lots
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Lot, Reservation, StockCell, StockMovement
from colisage.inventory.rules.lots import ReasonMissing, too_near
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.queries import deeds_on
from colisage.people.models import Merchant
from tests.books import find, hold, promised, spot_of
from tests.cast import World
from tests.cast import world as make_world

pytestmark = pytest.mark.usefixtures("balanced")
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> World:
    return make_world(stock=0)


def lot(world: World, code: str, expires_on: date | None, *, units: int = 4, bin_: int = 0, **facts: Any) -> Lot:
    made = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code=code, expires_on=expires_on, **facts)
    if units:
        find(world.sku("MUG"), units, at=spot_of(world.bins()[bin_], lot_id=made.pk))
    return made


def status(*lots: Lot) -> list[str]:
    return [Lot.objects.get(pk=one.pk).status for one in lots]


def lying(lot: Lot) -> dict[str, int]:
    return dict(StockCell.objects.filter(lot=lot, qty__gt=0).values_list("condition", "qty"))


def keep(world: World, days: int) -> None:
    Sku.objects.filter(pk=world.sku("MUG").pk).update(days_left=days)


def test_what_is_past_its_date_expires_and_what_is_on_its_last_day_does_not(world: World) -> None:
    old, last, later, never = (
        lot(world, "OLD", date(2026, 11, 27)),
        lot(world, "LAST", date(2026, 11, 28), bin_=1),
        lot(world, "LATER", date(2027, 1, 1), bin_=2),
        lot(world, "NEVER", None, bin_=3),
    )
    assert expire_lots(NOON) == 1
    assert status(old, last, later, never) == ["expired", "approved", "approved", "approved"]
    assert lying(old) == {"expired": 4}
    assert lying(last) == {"sellable": 4}


def test_a_second_night_changes_nothing(world: World) -> None:
    lot(world, "OLD", date(2026, 11, 27))
    expire_lots(NOON)
    moved = StockMovement.objects.count()
    assert expire_lots(NOON) == 0
    assert StockMovement.objects.count() == moved


def test_the_day_is_the_one_at_the_merchant(world: World) -> None:
    made = lot(world, "OLD", date(2026, 11, 27))
    theirs = Lot.objects.create(
        merchant=world.northwind, sku=world.northwind_skus["MUG"], code="OLD", expires_on=date(2026, 11, 27)
    )
    assert Merchant.objects.get(pk=world.northwind.pk).timezone == "America/Toronto"
    expire_lots(datetime(2026, 11, 28, 0, 30, tzinfo=UTC))  # half past one in Paris, still the 27th in Toronto
    assert status(made, theirs) == ["expired", "approved"]
    expire_lots(datetime(2026, 11, 28, 5, 7, tzinfo=UTC))
    assert status(theirs) == ["expired"]


def test_a_quarantined_lot_expires_and_a_recalled_one_stays_recalled(world: World) -> None:
    held = lot(world, "HELD", date(2026, 11, 27))
    bad = lot(world, "BAD", date(2026, 11, 27), bin_=1)
    for one, became in ((held, "quarantined"), (bad, "recalled")):
        set_lot_status(
            world.tilleul.pk, lot_ids=[one.pk], status=became, reason="x", actor=SYSTEM, today=date(2026, 11, 1)
        )
    expire_lots(NOON)
    assert status(held, bad) == ["expired", "recalled"]
    assert lying(held) == {"expired": 4}
    assert lying(bad) == {"held": 4}


def test_what_is_too_near_its_date_is_held_until_somebody_sells_it_to_the_end(world: World) -> None:
    keep(world, 10)
    near, far = lot(world, "NEAR", date(2026, 12, 7)), lot(world, "FAR", date(2026, 12, 8), bin_=1)
    assert expire_lots(NOON) == 1
    assert status(near, far) == ["quarantined", "approved"]
    assert [d.data["reason"] for d in deeds_on("lot", doc_id=near.pk)] == ["too_near_its_date"]
    set_lot_status(
        world.tilleul.pk, lot_ids=[near.pk], status="approved", reason="Solde", actor=SYSTEM, today=date(2026, 11, 28)
    )
    assert expire_lots(NOON) == 0
    assert lying(near) == {"sellable": 4}
    expire_lots(datetime(2026, 12, 8, 12, tzinfo=UTC))
    assert status(near, far) == ["expired", "quarantined"]


def test_a_lot_freed_long_before_its_date_is_held_when_the_date_comes_near(world: World) -> None:
    keep(world, 10)
    one = lot(world, "ONE", date(2026, 12, 31), status="quarantined")
    set_lot_status(
        world.tilleul.pk, lot_ids=[one.pk], status="approved", reason="Bon", actor=SYSTEM, today=date(2026, 11, 28)
    )
    expire_lots(datetime(2026, 12, 25, 12, tzinfo=UTC))
    assert status(one) == ["quarantined"]


@pytest.mark.parametrize(
    ("days", "left", "blocked"),
    [(0, 0, False), (0, -1, False), (1, 1, False), (1, 0, True), (10, 10, False), (10, 9, True)],
)
def test_days_left_are_counted_to_the_last_day(days: int, left: int, blocked: bool) -> None:  # noqa: FBT001
    today = date(2026, 11, 28)
    assert too_near(date.fromordinal(today.toordinal() + left), days=days, today=today) is blocked
    assert not too_near(None, days=days, today=today)


def test_promises_on_what_expires_are_owed(world: World) -> None:
    lot(world, "OLD", date(2026, 11, 27))
    hold(world.sku("MUG"), 3)
    allocate(list(Reservation.objects.values_list("pk", flat=True)))
    expire_lots(NOON)
    assert promised(world.sku("MUG")) == [(1, "waiting", 3)]


def test_a_thousand_lots_expire_in_a_few_statements(world: World, django_assert_max_num_queries: Any) -> None:
    Lot.objects.bulk_create(
        Lot(merchant=world.tilleul, sku=world.sku("MUG"), code=f"L{n}", expires_on=date(2026, 1, 1))
        for n in range(1000)
    )
    with django_assert_max_num_queries(40):
        assert expire_lots(NOON) == 1000


def test_a_wrong_date_is_corrected_and_then_the_lot_is_freed(world: World) -> None:
    one = lot(world, "ONE", date(2026, 11, 27))
    expire_lots(NOON)
    for again in (True, False):
        facts = {"expires_on": date(2027, 11, 27), "reason": "Lu sur le carton", "actor": SYSTEM}
        assert correct_expiry(world.tilleul.pk, lot_id=one.pk, **facts) is again
    set_lot_status(
        world.tilleul.pk, lot_ids=[one.pk], status="approved", reason="Bon", actor=SYSTEM, today=date(2026, 11, 28)
    )
    assert lying(one) == {"sellable": 4}
    assert expire_lots(NOON) == 0
    with pytest.raises(ReasonMissing):
        correct_expiry(world.tilleul.pk, lot_id=one.pk, expires_on=None, reason=" ", actor=SYSTEM)
    with pytest.raises(NotThere):
        correct_expiry(world.northwind.pk, lot_id=one.pk, expires_on=None, reason="x", actor=SYSTEM)


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        ("fefo", [("SOON-A", 2), ("SOON-B", 2), ("LATE", 3), ("NEVER", 1)]),
        ("fifo", [("NEVER", 3), ("LATE", 3), ("SOON-B", 2)]),
        ("lifo", [("SOON-A", 2), ("SOON-B", 2), ("LATE", 3), ("NEVER", 1)]),
    ],
)
def test_rotation_over_several_bins_and_lots(world: World, rotation: str, expected: list[tuple[str, int]]) -> None:
    mug = world.sku("MUG")
    Sku.objects.filter(pk=mug.pk).update(rotation=rotation)
    for n, (code, day, units) in enumerate(
        (
            ("NEVER", None, 3),
            ("LATE", date(2027, 9, 1), 3),
            ("SOON-B", date(2027, 2, 2), 2),
            ("SOON-A", date(2027, 2, 1), 2),
        )
    ):
        lot(world, code, day, units=units, bin_=n)
    held = lot(world, "HELD", date(2027, 1, 1), bin_=5, status="quarantined")
    lot(world, "OLD", date(2026, 11, 27), bin_=6)
    expire_lots(NOON)
    hold(mug, 8)
    taken = allocate(list(Reservation.objects.values_list("pk", flat=True)))
    codes = dict(Lot.objects.values_list("pk", "code"))
    assert [(codes[bound.lot_id or 0], bound.qty) for bound in taken] == expected
    assert lying(held) == {"held": 4}
