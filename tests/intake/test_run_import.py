"""Files of orders: every row accounted for, read once whatever is cut off, refused rows given back."""

import io
from typing import Any

import pytest

from colisage.intake.actions import run_import as module
from colisage.intake.actions.run_import import run_import
from colisage.intake.actions.start_import import NoSuchChannel, start_import
from colisage.intake.actions.take_rows import ORDERS
from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.queries import report_of
from colisage.inventory.models import Reservation
from colisage.kit.actors import Actor
from colisage.kit.models import AuditEntry
from colisage.kit.sent_files import refused_of
from colisage.orders.models import Hold, Order, OrderLine
from tests.books import stand, told
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")
CHEN = Actor("person", 3, "Chen")
HEAD = "order_ref,placed_at,sku,quantity,unit_price,currency,name,address1,postcode,city,country,payment\n"


def row(ref: str, sku: str = "MUG", quantity: object = 1, *, price: str = "18.00") -> str:
    return f"{ref},2026-11-20,{sku},{quantity},{price},EUR,Camille,8 rue Lepic,75018,Paris,FR,paid\n"


def start(world: World, *rows: str, head: str = HEAD, **options: Any) -> int:
    return start_import(
        world.tilleul.pk,
        channel="shop",
        source=io.BytesIO((head + "".join(rows)).encode()),
        file_name="commandes.csv",
        options=options,
        actor=CHEN,
        in_background=False,
    )


def read(world: World, *rows: str, **options: Any) -> dict[str, Any]:
    return report_of(run_import(start(world, *rows, **options)))


def accounted(report: dict[str, Any]) -> int:
    fates: list[int] = [*report["ignored"].values(), *report["refused"].values()]
    return int(report["lines"]) + int(report["cancelled"]) + sum(fates)


def test_a_file_of_orders_is_taken_and_every_row_accounted_for(world: World) -> None:
    report = read(world, row("A"), row("A", "CARTE", 2), row("B", "TAPIS"), row("C", "NOPE"), row("D", quantity="x"))
    assert report == {
        "rows": 5,
        "orders": 2,
        "lines": 3,
        "cancelled": 0,
        "ignored": {},
        "refused": {"bad_quantity": 1, "unknown_sku": 1},
    }
    assert accounted(report) == 5
    assert stand(world.sku("MUG"), world.lyon) == (20, 1)
    assert AuditEntry.objects.filter(verb="order_accepted", actor_name="Chen").count() == 2


def test_an_order_with_one_bad_row_comes_back_whole(world: World) -> None:
    report = read(world, row("A"), row("A", "NOPE"))
    assert report["refused"] == {"order_incomplete": 1, "unknown_sku": 1}
    assert not Order.objects.exists()


def test_refused_rows_come_back_as_they_were_in_the_order_of_the_file(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE"), row("B"), row("C", quantity=0)))
    assert [row.raw[0] for row in refused_of(ORDERS, run)] == ["A", "C"]
    assert [row.raw[2] for row in refused_of(ORDERS, run)] == ["NOPE", "MUG"]
    assert all(str(row.reason) for row in refused_of(ORDERS, run))
    assert set(RefusedRow.objects.values_list("merchant_id", flat=True)) == {world.tilleul.pk}


def test_the_same_file_again_makes_no_second_order(world: World) -> None:
    rows = row("A"), row("B", "CARTE", 2)
    read(world, *rows)
    report = read(world, *rows)
    assert (report["orders"], report["ignored"]) == (0, {"already_imported": 2})
    assert accounted(report) == report["rows"] == 2
    assert Order.objects.count() == 2


def test_a_corrected_file_adds_what_was_refused_and_tells_what_has_changed(world: World) -> None:
    read(world, row("A"), row("B", "NOPE"))
    report = read(world, row("A", quantity=3), row("B", "CARTE"))
    assert (report["orders"], report["refused"]) == (1, {"order_came_differently": 1})


def test_reading_an_import_that_is_done_changes_nothing(world: World) -> None:
    run_id = start(world, row("A"))
    first = report_of(run_import(run_id))
    assert report_of(run_import(run_id)) == first
    assert Order.objects.count() == 1


@pytest.mark.parametrize("pieces_before", [0, 1, 2])
def test_a_reader_that_is_cut_off_goes_on_and_takes_no_row_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, pieces_before: int
) -> None:
    monkeypatch.setattr(module, "PIECE", 3)
    rows = [row(f"R{n}", "NOPE" if n % 4 == 3 else "CARTE") for n in range(8)]
    run_id, left = start(world, *rows), [pieces_before]

    def cut_off(run: ImportRun) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise KeyboardInterrupt

    if pieces_before:
        with pytest.raises(KeyboardInterrupt):
            run_import(run_id, progress=cut_off)
        assert ImportRun.objects.get().items == 3 * pieces_before
    report = report_of(run_import(run_id))
    assert report == {
        "rows": 8, "orders": 6, "lines": 6, "cancelled": 0, "ignored": {}, "refused": {"unknown_sku": 2},
    }  # fmt: skip
    assert ImportRun.objects.get().state == "done"
    assert len(told("OrderAccepted")) == Order.objects.count() == 6


def test_a_piece_that_fails_leaves_nothing_of_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = start(world, row("A"), row("B"))
    with monkeypatch.context() as patch:
        patch.setattr("colisage.intake.actions.run_import.insert_once", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_import(run_id)
    assert not Order.objects.exists()
    assert ImportRun.objects.get().items == 0
    assert report_of(run_import(run_id))["orders"] == 2


def test_history_is_quiet_and_holds_what_it_is_told_to(world: World) -> None:
    read(world, row("A"), history=True, opening_stock="none")
    assert not Reservation.objects.exists()
    assert not Hold.objects.exists()
    assert told("OrderAccepted")[0]["quiet"] is True


def test_a_file_that_is_no_table_of_orders_is_refused_as_a_whole(world: World) -> None:
    for head, body in (("colour,size\n", "red,4\n"), ("", "\x00\x01\x02"), ("", "")):
        run = run_import(start(world, body, head=head))
        assert run.state == "refused", head
        assert run.problem
    assert not Order.objects.exists()


def test_a_channel_that_is_not_there_is_refused_before_the_file_is_kept(world: World, settings: Any) -> None:
    with pytest.raises(NoSuchChannel) as refused:
        start_import(world.tilleul.pk, channel="api", source=io.BytesIO(b""), file_name="x", options={}, actor=CHEN)
    assert refused.value.code == "unknown_channel"
    assert not ImportRun.objects.exists()
    assert not list(settings.COLISAGE_DATA_DIR.rglob("*.*"))


def test_a_file_name_never_leads_out_of_the_data_directory(world: World, settings: Any) -> None:
    start_import(
        world.tilleul.pk,
        channel="shop",
        source=io.BytesIO(b"x"),
        file_name="../../etc/passwd.csv/../..",
        options={},
        actor=CHEN,
        in_background=False,
    )
    run = ImportRun.objects.get()
    kept = (settings.COLISAGE_DATA_DIR / run.path).resolve()
    assert kept.is_relative_to(settings.COLISAGE_DATA_DIR.resolve() / "imports")
    assert "/" not in run.file_name


def test_a_large_file_is_read_in_pieces_with_as_many_statements_a_piece(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(module, "PIECE", 50)
    run_id = start(world, *(row(f"R{n}", "CARTE", 1) for n in range(150)))
    with django_assert_max_num_queries(3 * 28 + 12):
        run_import(run_id)
    assert OrderLine.objects.count() == 150


def test_a_file_for_a_channel_that_was_switched_off_is_refused_as_a_whole(world: World) -> None:
    run_id = start(world, row("R1"))
    type(world.channel).objects.filter(pk=world.channel.pk).update(active=False)
    run = run_import(run_id)
    assert (run.state, run.orders) == ("refused", 0)
    assert "switched off" in run.problems["en"]
    assert "désactivé" in run.problems["fr"]
    assert not Order.objects.exists()
