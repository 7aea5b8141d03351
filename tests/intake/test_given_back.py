"""What was given back for an order: money adds up however it was given, and it is judged the same when told again."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from colisage.intake.ports import DraftLine, GivenBack, OrderDraft, OrderTold
from colisage.intake.rules.drafts import difference
from colisage.intake.rules.elsewhere import Here
from colisage.intake.rules.given_back import Standing, judged

Refunds = list[tuple[list[tuple[str, int, int, int]], int, int]]  # lines, carriage, for nothing
CENTS = st.integers(0, 2_000)
UNITS = st.tuples(st.integers(1, 5), st.integers(1, 5))
REFUNDS = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from(["a", "b", "?"]), st.integers(0, 3), CENTS, CENTS)), CENTS, CENTS),
    max_size=4,
)


def told(units: tuple[int, int], refunds: Refunds, *, gross: bool) -> OrderTold:
    """Write an order of two lines, and what was given back of it: lines, carriage, and something for nothing."""
    lines = tuple(
        DraftLine(ref, n, 10_000, external_ref=ref, tax_cents=900) for ref, n in zip("ab", units, strict=True)
    )
    tax = 2_000
    total = sum(line.total_cents for line in lines) + 5_000 + (0 if gross else tax)
    draft = OrderDraft(
        external_ref="1", number="1", placed_at=datetime(2026, 11, 20, tzinfo=UTC), currency="EUR", lines=lines,
        total_cents=total, shipping_cents=5_000, tax_cents=tax, prices_include_tax=gross,
    )  # fmt: skip
    back = tuple(
        GivenBack(
            key=str(n), at=None, lines=tuple(some), shipping_cents=carriage,
            tax_cents=sum(line[3] for line in some),
            cents=sum(line[2] + (0 if gross else line[3]) for line in some) + carriage + besides,
        )
        for n, (some, carriage, besides) in enumerate(refunds)
    )  # fmt: skip
    return OrderTold(draft=draft, given_back=back)


@given(units=UNITS, refunds=REFUNDS, gross=st.booleans(), share=st.floats(0, 1))
def test_it_adds_up_and_is_judged_the_same_when_more_has_left(
    units: tuple[int, int], refunds: Refunds, *, gross: bool, share: float
) -> None:
    sent = told(units, refunds, gross=gross)
    first = judged(sent, here=None, standing=None)
    assert [one.key for one in first.refunds] == [one.key for one in sent.given_back]
    wanted = {line.external_ref: line.quantity for line in first.draft.lines}
    for line in sent.draft.lines:
        taken = sum(n for one in sent.given_back for ref, n, _c, _t in one.lines if ref == line.external_ref)
        assert wanted.get(line.external_ref, 0) == max(line.quantity - taken, 0)
    here = [Here(ref, "", n, int(n * share)) for ref, n in wanted.items()]
    standing = Standing(complete=share == 1, cents=first.draft.total_cents)
    again = judged(sent, here=here, standing=standing)
    assert again.draft.lines == first.draft.lines
    if len(first.draft.lines) == 2:  # nothing was given back that nobody had paid
        assert difference(first.draft) == 0
    assert again.draft.total_cents == first.draft.total_cents


@given(units=UNITS, refunds=REFUNDS, gross=st.booleans())
def test_what_left_whole_stays_what_it_was_and_every_unit_is_told_as_left(
    units: tuple[int, int], refunds: Refunds, *, gross: bool
) -> None:
    sent = told(units, refunds, gross=gross)
    here = [Here(line.external_ref, "", line.quantity, line.quantity) for line in sent.draft.lines]
    standing = Standing(complete=True, cents=sent.draft.total_cents)
    after = judged(sent, here=here, standing=standing)
    assert after.draft == sent.draft
    assert all(left == n for one in after.refunds for _ref, n, left, _how in one.lines)
