"""Work for many that is refused whole is judged item by item, and what was refused leaves nothing behind."""

from collections.abc import Sequence

import pytest

from colisage.kit.errors import NotThere, Refused
from colisage.kit.halving import by_halves
from colisage.kit.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("bad", [set(), {0}, {6}, {2, 3}, set(range(7))])
def test_each_is_done_or_refused_in_its_order(bad: set[int]) -> None:
    calls: list[int] = []

    def work(items: Sequence[int]) -> list[str]:
        calls.append(len(items))
        for one in items:
            Receipt.objects.create(owner="halves", key=str(one), digest=b"")
            if one in bad:
                raise NotThere
        return [f"made {one}" for one in items]

    became = by_halves(range(7), work=work)
    assert [None if isinstance(one, Refused) else one for one in became] == [
        None if n in bad else f"made {n}" for n in range(7)
    ]
    assert set(Receipt.objects.values_list("key", flat=True)) == {str(n) for n in range(7)} - {str(n) for n in bad}
    assert calls[0] == 7
    assert len(calls) <= 1 + 6 * len(bad)


def test_nothing_is_nothing() -> None:
    assert by_halves([], work=list) == []
