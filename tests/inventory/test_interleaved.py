"""Sales, arrivals, losses, picks, cancellations and moves in any order: the books balance after every step."""

from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from colisage.inventory.actions.allocate import allocate
from colisage.inventory.actions.consume import consume
from colisage.inventory.actions.move_reservations import Relocation, move_reservations
from colisage.inventory.actions.pick_units import Pick, pick_units
from colisage.inventory.actions.post_movements import NotEnoughThere
from colisage.inventory.actions.release import release
from colisage.inventory.actions.serve_waiting import serve_waiting
from colisage.inventory.checks import differences
from colisage.inventory.models import Allocation, Availability, Reservation, StockCell
from colisage.kit.actors import SYSTEM
from colisage.network.queries import place_of
from tests.books import find, hold, lose, promised, spot_of, where
from tests.cast import World

CODES = st.sampled_from(["MUG", "CARTE"])
UNITS = st.integers(1, 12)
OPEN = ("held", "waiting", "picked", "consumed")


class Books(RuleBasedStateMachine):
    """A shop on one day. `owed` counts, for each SKU, the units that customers asked for and did not cancel."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.day = transaction.atomic()
        self.day.__enter__()
        self.owners = count(1)
        self.asked: Counter[int] = Counter()
        self.line = count(1)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.day.__exit__(None, None, None)

    def _promise(self, pick: Callable[[list[Any]], Any], *states: str) -> Any:
        rows = list(Reservation.objects.filter(state__in=states).order_by("pk"))
        return pick(rows) if rows else None

    @rule(code=CODES, units=UNITS, may_wait=st.booleans())
    def sell(self, code: str, units: int, may_wait: bool) -> None:  # noqa: FBT001 -- Hypothesis names its arguments
        owner = next(self.owners)
        (outcome,) = hold(self.world.sku(code), units, owners=[owner], may_wait=may_wait)
        if outcome is not None:
            self.asked[owner] = units

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if self.asked:
            owner = data.draw(st.sampled_from(sorted(self.asked)))
            release("order_line", owner_ids=[owner])
            left = Reservation.objects.filter(owner_id=owner, state__in=["picked", "consumed"])
            self.asked[owner] = sum(left.values_list("qty", flat=True))

    @rule(code=CODES, units=UNITS, montreal=st.booleans())
    def arrive(self, code: str, units: int, montreal: bool) -> None:  # noqa: FBT001
        sku = self.world.sku(code)
        node = self.world.montreal if montreal else self.world.lyon
        find(sku, units, at=spot_of(self.world.bins(node)[10]))

    @rule(code=CODES, units=UNITS)
    def shrink(self, code: str, units: int) -> None:
        sku = self.world.sku(code)
        try:
            with transaction.atomic():
                lose(sku, units, at=where(sku, self.world.lyon))
        except NotEnoughThere:
            cell = StockCell.objects.filter(sku=sku, node=self.world.lyon, sellable=True).order_by("pk")[0]
            assert cell.qty - cell.allocated < units

    @rule()
    def serve(self) -> None:
        keys = list(Availability.objects.values_list("sku_id", "node_id"))
        serve_waiting(keys)

    @rule(most=st.integers(1, 4))
    def bind(self, most: int) -> None:
        ids = Reservation.objects.filter(state="held").order_by("pk").values_list("pk", flat=True)
        allocate(list(ids[:most]))

    @rule(data=st.data(), twice=st.booleans())
    def pick(self, data: st.DataObject, twice: bool) -> None:  # noqa: FBT001
        rows = list(Allocation.objects.filter(open=True).order_by("pk"))
        if not rows:
            return
        bound = data.draw(st.sampled_from(rows))
        one = Pick(
            allocation_id=bound.pk,
            qty=data.draw(st.integers(0, bound.qty)),
            place_id=place_of(self.world.lyon.pk, kind="bench").pk,
            doc_kind="pick",
            doc_id=1,
            doc_line=next(self.line),
        )
        assert pick_units([one, one] if twice else [one], actor=SYSTEM) == one.qty

    @rule()
    def hand_over(self) -> None:
        for node in (self.world.lyon, self.world.montreal):
            consume("order_line", owner_ids=list(self.asked), node_id=node.pk)

    @rule(data=st.data(), montreal=st.booleans())
    def relocate(self, data: st.DataObject, montreal: bool) -> None:  # noqa: FBT001
        bound = Allocation.objects.filter(open=True).values("reservation_id")
        rows = list(Reservation.objects.filter(state__in=["held", "waiting"]).exclude(pk__in=bound).order_by("pk"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            node = self.world.montreal if montreal else self.world.lyon
            move_reservations([Relocation(row.pk, node.pk, data.draw(st.integers(1, row.qty)))])

    @invariant()
    def the_books_balance(self) -> None:
        assert differences() == []

    @invariant()
    def every_unit_asked_for_is_held_owed_picked_or_gone(self) -> None:
        rows = Reservation.objects.filter(state__in=OPEN).values_list("owner_id", "qty")
        found: Counter[int] = Counter()
        for owner, qty in rows:
            found[owner] += qty
        assert found == +self.asked


@pytest.mark.usefixtures("balanced")
def test_the_books_balance_after_every_step(world: World) -> None:
    Books.world = world
    quick = settings(
        max_examples=25,
        stateful_step_count=22,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Books, settings=quick)
    assert promised(world.sku("MUG")) == []
