from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.returns.rules import (
    DISPOSITIONS,
    MOVES,
    Paid,
    PaidLine,
    fee_of,
    last_day,
    may_move,
    refund,
    whole_units,
    worth,
)

MONEY = st.integers(0, 10**7)


@st.composite
def paid(draw: st.DrawFn) -> Paid:
    """Give orders whose amounts balance, as intake lets no others in, and some that do not."""
    lines = tuple(
        PaidLine(n, draw(st.integers(1, 9)), draw(MONEY), draw(st.integers(0, 10**5)))
        for n in range(1, draw(st.integers(1, 5)) + 1)
    )
    goods = sum(line.cents for line in lines)
    shipping = draw(MONEY)
    discount = draw(st.integers(0, goods + shipping))
    tax = draw(st.one_of(st.just(sum(line.tax_cents for line in lines)), MONEY))
    inside = draw(st.booleans())
    balanced = goods + shipping - discount + (0 if inside else tax)
    extra = draw(st.one_of(st.just(0), MONEY))
    total = draw(st.one_of(st.just(balanced + extra), MONEY))
    return Paid(
        lines=lines,
        total_cents=total,
        shipping_cents=shipping,
        discount_cents=discount,
        tax_cents=tax,
        prices_include_tax=inside,
        extra_cents=extra,
    )


def everything(order: Paid) -> dict[int, int]:
    return {line.id: line.quantity for line in order.lines}


@given(paid())
def test_what_was_paid_is_split_to_the_cent_and_nothing_is_negative(order: Paid) -> None:
    split = worth(order)
    parts = [*(c for pair in split.lines.values() for c in pair), split.shipping, split.shipping_tax, split.extra]
    assert sum(parts) == order.total_cents
    assert split.extra == min(order.extra_cents, order.total_cents)
    assert min(parts) >= 0


@given(paid(), st.integers(0, 10**6))
def test_goods_are_worth_what_they_cost_though_a_gift_card_paid_some_of_it(order: Paid, credit: int) -> None:
    by_card = replace(order, total_cents=order.total_cents + credit)
    assert worth(replace(order, credit_cents=credit)) == worth(by_card)


@given(paid(), st.data())
def test_paying_back_everything_in_any_parts_comes_to_what_was_paid(order: Paid, data: st.DataObject) -> None:
    units = [line.id for line in order.lines for _ in range(line.quantity)]
    shuffled = data.draw(st.permutations(units))
    before: dict[int, int] = {}
    total = 0
    while shuffled:
        size = data.draw(st.integers(1, len(shuffled)))
        now, shuffled = shuffled[:size], shuffled[size:]
        wanted = {pk: now.count(pk) for pk in set(now)}
        back = refund(order, units=wanted, before=before, everything=everything(order))
        assert back.total == back.goods + back.tax + back.shipping + back.extra
        assert back.total >= 0
        total += back.total
        assert total <= order.total_cents
        before = {pk: before.get(pk, 0) + wanted.get(pk, 0) for pk in {*before, *wanted}}
    assert total == order.total_cents


@given(paid(), st.integers(0, 10**8))
def test_a_fee_is_never_more_than_what_is_paid_back(order: Paid, fee: int) -> None:
    all_of_it = everything(order)
    back = refund(order, units=all_of_it, before={}, everything=all_of_it, fee_cents=fee)
    assert back.total == max(order.total_cents - fee, 0)


def test_a_discount_of_the_order_is_shared_over_its_lines() -> None:
    order = Paid(
        lines=(PaidLine(1, 3, 3000), PaidLine(2, 1, 1000)),
        total_cents=4000 - 1000 + 490,
        shipping_cents=490,
        discount_cents=1000,
    )
    one = refund(order, units={1: 1}, before={}, everything=everything(order))
    assert (one.goods, one.tax, one.shipping) == (750, 0, 0)
    rest = refund(order, units={1: 2, 2: 1}, before={1: 1}, everything=everything(order))
    assert (rest.goods, rest.shipping) == (1500 + 750, 490)


def test_tax_inside_the_price_is_said_apart() -> None:
    order = Paid(
        lines=(PaidLine(1, 2, 2400, 400),), total_cents=2880, shipping_cents=480, tax_cents=480, prices_include_tax=True
    )
    back = refund(order, units={1: 2}, before={}, everything={1: 2})
    assert (back.goods, back.tax, back.shipping, back.total) == (2000, 480, 400, 2880)


def test_tax_on_top_of_the_price_is_paid_back_too() -> None:
    order = Paid(lines=(PaidLine(1, 2, 2000),), total_cents=2300, tax_cents=300, prices_include_tax=False)
    back = refund(order, units={1: 1}, before={}, everything={1: 2})
    assert (back.goods, back.tax, back.total) == (1000, 150, 1150)


def test_three_units_of_ten_euros_come_back_as_334_333_333() -> None:
    order = Paid(lines=(PaidLine(1, 3, 1000),), total_cents=1000)
    amounts = [refund(order, units={1: 1}, before={1: n}, everything={1: 3}).total for n in range(3)]
    assert sorted(amounts) == [333, 333, 334]


def test_a_tip_goes_with_the_last_unit_only_and_not_when_the_shop_keeps_carriage() -> None:
    order = Paid(lines=(PaidLine(1, 2, 2000),), total_cents=2800, shipping_cents=500, extra_cents=300)
    first = refund(order, units={1: 1}, before={}, everything={1: 2})
    last = refund(order, units={1: 1}, before={1: 1}, everything={1: 2})
    kept = refund(order, units={1: 1}, before={1: 1}, everything={1: 2}, with_shipping=False)
    assert [(back.goods, back.extra, back.total) for back in (first, last, kept)] == [
        (1000, 0, 1000), (1000, 300, 1800), (1000, 0, 1000),
    ]  # fmt: skip


def test_carriage_goes_with_the_last_unit_only_and_not_when_the_shop_keeps_it() -> None:
    order = Paid(lines=(PaidLine(1, 2, 2000),), total_cents=2500, shipping_cents=500)
    first = refund(order, units={1: 1}, before={}, everything={1: 2})
    last = refund(order, units={1: 1}, before={1: 1}, everything={1: 2})
    kept = refund(order, units={1: 1}, before={1: 1}, everything={1: 2}, with_shipping=False)
    assert (first.shipping, last.shipping, kept.shipping) == (0, 500, 0)


@pytest.mark.parametrize(("units", "before"), [({1: 3}, {}), ({1: 1}, {1: 2}), ({1: -1}, {})])
def test_more_units_than_were_paid_cannot_be_paid_back(units: dict[int, int], before: dict[int, int]) -> None:
    order = Paid(lines=(PaidLine(1, 2, 2000),), total_cents=2000)
    with pytest.raises(ValueError, match="line 1"):
        refund(order, units=units, before=before, everything={1: 2})


def test_what_is_at_fault_is_guaranteed_for_two_years() -> None:
    delivered = date(2026, 11, 1)
    assert last_day(delivered, window_days=30, reasons=["changed_mind"]) == date(2026, 12, 1)
    assert last_day(delivered, window_days=30, reasons=["faulty"]) == date(2028, 10, 31)
    assert last_day(delivered, window_days=30, reasons=["faulty", "too_small"]) == date(2026, 12, 1)


def test_a_label_costs_the_customer_nothing_when_we_are_at_fault() -> None:
    assert fee_of(["too_small"], payer="customer", label_fee_cents=490) == 490
    assert fee_of(["too_small", "faulty"], payer="customer", label_fee_cents=490) == 0
    assert fee_of(["too_small"], payer="merchant", label_fee_cents=490) == 0


def test_a_bundle_is_back_when_all_its_parts_are() -> None:
    assert whole_units({1: 2, 2: 3}, recipe={1: 1, 2: 2}) == 1
    assert whole_units({1: 2}, recipe={1: 1, 2: 2}) == 0


def test_states_only_go_forward() -> None:
    assert may_move("inspected", "refunded")
    assert not may_move("refunded", "inspected")
    assert not any(MOVES[state] for state in ("closed", "refused"))


def test_what_is_broken_never_goes_back_to_the_shelf() -> None:
    assert all("restock" not in DISPOSITIONS[grade] for grade in ("c", "broken"))
