"""The second wall: the web role sees nothing of others' rows, and what it writes for them is refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from colisage.catalog.models import Barcode, Sku
from colisage.inventory.models import Availability, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.models import AuditEntry
from colisage.kit.walls import behind_the_wall
from colisage.network.models import Channel, Node, Place
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Order, OrderLine
from tests.cast import World


def view_of(world: World, *, merchants: bool = True, operators: bool = True) -> Any:
    """Look as Chen of Atelier Nord and Maison Tilleul."""
    return behind_the_wall(
        merchants=[world.tilleul.pk] if merchants else [], operators=[world.nord.pk] if operators else []
    )


def as_web(*statements: str) -> list[Any]:
    """Run statements as the web role without saying for whom; give what the last one gives."""
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL ROLE colisage_web")
        for statement in statements:
            db.execute(statement)
        found: list[Any] = db.fetchall()
        db.execute("RESET ROLE")
    return found


def test_the_web_role_sees_the_rows_of_its_merchants_and_operators_only(world: World) -> None:
    with view_of(world):
        assert set(Sku.objects.values_list("merchant_id", flat=True)) == {world.tilleul.pk}
        assert set(StockCell.objects.values_list("merchant_id", flat=True)) == {world.tilleul.pk}
        assert set(StockMovement.objects.values_list("merchant_id", flat=True)) == {world.tilleul.pk}
        assert set(Channel.objects.values_list("pk", flat=True)) == {world.channel.pk}
        assert set(Node.objects.values_list("pk", flat=True)) == {world.lyon.pk}
        assert set(Place.objects.exclude(node=None).values_list("node_id", flat=True)) == {world.lyon.pk}
    assert Sku.objects.filter(merchant=world.northwind).exists(), "the view ends with the block"


def test_asking_for_another_merchants_row_by_id_finds_nothing(world: World) -> None:
    theirs = world.northwind_skus["MUG"].pk
    with view_of(world):
        assert not Sku.objects.filter(pk=theirs).exists()
        assert Sku.objects.filter(pk=theirs).update(name="mine") == 0
        assert Sku.objects.filter(pk=theirs).delete()[0] == 0
    assert Sku.objects.get(pk=theirs).name != "mine"


def test_nobody_in_particular_sees_nothing(world: World) -> None:
    with view_of(world, merchants=False, operators=False):
        assert not Sku.objects.exists()
        assert not Order.objects.exists()
        assert not Node.objects.exists()


def test_a_missing_setting_shows_nothing(world: World) -> None:
    assert as_web("SELECT count(*) FROM catalog_sku") == [(0,)]
    assert as_web("SELECT count(*) FROM network_node") == [(0,)]


def test_an_emptied_setting_shows_nothing(world: World) -> None:
    assert as_web("SET LOCAL colisage.merchants = ''", "SELECT count(*) FROM catalog_sku") == [(0,)]


def test_a_row_for_another_merchant_is_refused(world: World) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), view_of(world):
        Sku.objects.create(merchant=world.northwind, code="THEIRS", name="x")


def test_a_row_cannot_be_handed_to_another_merchant(world: World) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"), view_of(world):
        Sku.objects.filter(pk=world.sku("MUG").pk).update(merchant_id=world.northwind.pk)


def conditions() -> dict[str, str]:
    """Give the condition under which the web role sees a row of each table."""
    with connection.cursor() as db:
        db.execute("SELECT tablename::text, qual FROM pg_policies WHERE policyname = 'web' AND qual IS NOT NULL")
        return dict(db.fetchall())


@pytest.mark.django_db
def test_no_wall_reads_its_setting_for_every_row() -> None:
    bare = {t: q for t, q in conditions().items() if re.search(r"(?<!SELECT )\bcolisage_(merchants|operators)\(\)", q)}
    assert not bare


def test_the_view_from_before_is_restored_where_walls_are_nested(world: World) -> None:
    with view_of(world):
        with behind_the_wall(merchants=[world.northwind.pk], operators=[]):
            assert set(Sku.objects.values_list("merchant_id", flat=True)) == {world.northwind.pk}
        assert set(Sku.objects.values_list("merchant_id", flat=True)) == {world.tilleul.pk}
    assert Sku.objects.values("merchant_id").distinct().count() == 2


def test_the_view_is_gone_with_a_transaction_that_failed(world: World) -> None:
    with pytest.raises(ZeroDivisionError), view_of(world):
        raise ZeroDivisionError
    assert Sku.objects.values("merchant_id").distinct().count() == 2


def test_several_merchants_may_be_seen_at_once(world: World) -> None:
    with behind_the_wall(merchants=[world.tilleul.pk, world.northwind.pk], operators=[]):
        assert Sku.objects.values("merchant_id").distinct().count() == 2


def test_the_audit_of_an_operator_is_seen_by_its_staff(world: World) -> None:
    record_deeds(
        [
            Deed("wave", 1, "wave_released", operator_id=world.nord.pk),
            Deed("wave", 2, "wave_released", operator_id=world.boreal.pk),
            Deed("installation", 3, "restored"),
        ],
        actor=SYSTEM,
    )
    with view_of(world):
        assert set(AuditEntry.objects.values_list("doc_id", flat=True)) == {1}


def test_workers_see_everything(world: World) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SET LOCAL ROLE colisage_worker")
        db.execute("SELECT count(DISTINCT merchant_id) FROM catalog_sku")
        assert db.fetchone() == (2,)
        db.execute("RESET ROLE")


@pytest.mark.parametrize("role", ["colisage_web", "colisage_worker"])
@pytest.mark.parametrize("deed", ["UPDATE inventory_stockmovement SET qty = 1", "DELETE FROM inventory_stockmovement"])
def test_no_process_can_change_or_empty_the_ledger(role: str, deed: str, world: World) -> None:
    with transaction.atomic(), connection.cursor() as db:
        db.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            db.execute(deed)
        db.execute("RESET ROLE")


@contextmanager
def committing() -> Iterator[None]:
    """Check the constraints that wait for the end of the transaction, as a commit would."""
    with transaction.atomic():
        yield
        with connection.cursor() as db:
            db.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_line_cannot_name_another_merchants_sku(world: World) -> None:
    with committing():
        place_orders([world.order(("MUG", 1))], actor=SYSTEM)
    with pytest.raises(IntegrityError, match="not there for its merchant"), committing():
        OrderLine.objects.update(sku_id=world.northwind_skus["MUG"].pk)


def test_a_barcode_cannot_name_another_merchants_sku(world: World) -> None:
    with pytest.raises(IntegrityError, match="same_merchant"), committing():
        Barcode.objects.create(merchant=world.tilleul, sku=world.northwind_skus["MUG"], code="1")


def test_a_promise_cannot_be_made_of_another_merchants_sku(world: World) -> None:
    with pytest.raises(IntegrityError, match="same_merchant"), committing():
        Availability.objects.create(merchant=world.tilleul, sku=world.northwind_skus["MUG"], node=world.lyon)


def test_an_order_cannot_come_through_another_merchants_channel(world: World) -> None:
    stolen = world.order(("MUG", 1), channel_id=world.northwind_channel.pk)
    with pytest.raises(IntegrityError, match="not there for its merchant"), committing():
        place_orders([stolen], actor=SYSTEM)
