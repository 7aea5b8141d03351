"""Of what channels may sell it is told what may have changed: once, for all transactions since, and nothing else."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from django.db import transaction

from colisage.inventory.actions.reserve import Demand, reserve
from colisage.inventory.actions.set_buffers import set_buffers
from colisage.inventory.actions.tell_published import tell_published
from colisage.inventory.events import PublishedChanged, SellableGrew
from colisage.inventory.models import PublishedMark
from colisage.kit.actors import SYSTEM
from colisage.kit.outbox import Journey, drain
from tests.books import balanced, find, hold, spot_of, told
from tests.cast import World
from tests.together import at_once, faults

__all__ = ["balanced"]

pytestmark = pytest.mark.django_db(transaction=True)
heard: list[PublishedChanged] = []


def listen(events: Sequence[PublishedChanged]) -> None:
    heard.extend(events)


LISTENED: Journey = {PublishedChanged: (listen,)}
NOBODY: Journey = {SellableGrew: (), PublishedChanged: ()}


@pytest.fixture
def listened(balanced: World, settings: Any) -> Iterator[World]:
    """Give a world in which somebody listens, and has heard everything."""
    settings.COLISAGE_JOURNEY = f"{__name__}.LISTENED"
    tell_published()
    yield balanced
    heard.clear()


def news() -> list[str]:
    """Tell, and give the codes of the SKUs told about since the last time."""
    before = len(told("PublishedChanged"))
    tell_published()
    return sorted(sku for event in told("PublishedChanged")[before:] for sku in codes(event["sku_ids"]))


def codes(ids: Sequence[int]) -> list[str]:
    from colisage.catalog.models import Sku  # noqa: PLC0415

    return list(Sku.objects.filter(pk__in=ids).values_list("code", flat=True))


def test_what_was_changed_is_told_once_with_its_bundles(listened: World) -> None:
    """One world for all that needs commits: each costs a database."""
    assert {"MUG", "TAPIS", "COFFRET"} <= {
        code for event in told("PublishedChanged") for code in codes(event["sku_ids"])
    }
    assert news() == []
    hold(listened.sku("TAPIS"), 1)
    hold(listened.sku("TAPIS"), 1, owners=[2])
    find(listened.sku("CARTE"), 3, at=spot_of(listened.bins()[7]))
    assert news() == ["CARTE", "COFFRET", "TAPIS"]
    assert news() == []
    with transaction.atomic():
        hold(listened.sku("LAMPE"), 1)
        transaction.set_rollback(True)
    assert news() == []
    set_buffers(listened.tilleul.pk, channel_id=listened.channel.pk, skus={listened.sku("PLUME").pk: 3}, actor=SYSTEM)
    assert news() == ["PLUME"]
    drain()
    assert listened.tilleul.pk in {event.merchant_id for event in heard}  # merchants are heard in no order
    a_long_transaction_hides_nothing_and_repeats_nothing(listened)
    two_workers_tell_once(listened)
    a_restored_copy_begins_anew(listened)


def a_long_transaction_hides_nothing_and_repeats_nothing(world: World) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as slow:
        slow.execute("UPDATE inventory_availability SET reserved = reserved WHERE sku_id = %s", [world.sku("LAMPE").pk])
        hold(world.sku("TAPIS"), 1, owners=[3])
        assert news() == ["TAPIS"]
        assert news() == []
        slow.commit()
    assert news() == ["LAMPE"]
    assert news() == []


def two_workers_tell_once(world: World) -> None:
    hold(world.sku("TAPIS"), 1, owners=[4])
    before = len(told("PublishedChanged"))
    results = at_once(tell_published, tell_published, tell_published)
    assert faults(results) == []
    assert sum(results) == 1
    assert len(told("PublishedChanged")) == before + 1


def a_restored_copy_begins_anew(world: World) -> None:
    PublishedMark.objects.update(snapshot="9000000000:9000000000:")
    assert {"MUG", "TAPIS", "COFFRET"} <= set(news())
    assert news() == []


def test_while_nobody_listens_nothing_is_read_or_told(
    balanced: World, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.COLISAGE_JOURNEY = f"{__name__}.NOBODY"
    reserve([Demand(balanced.tilleul.pk, "order_line", ((1, balanced.sku("MUG").pk, 1),))])
    with transaction.atomic(), django_assert_num_queries(2):  # its savepoint
        assert tell_published() == 0
    assert told("PublishedChanged") == []
