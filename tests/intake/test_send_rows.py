"""Rows that came back, corrected here and sent again: once, whole, accounted for, and whatever the file was."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Sku
from colisage.intake.actions.run_import import ChannelClosed, run_import
from colisage.intake.actions.start_import import start_import
from colisage.intake.actions.take_rows import ORDERS
from colisage.intake.models import ImportRun, RefusedRow
from colisage.intake.queries import report_of
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.kit.models import AuditEntry
from colisage.kit.sent_files import (
    NothingLeft,
    RowsAside,
    RowsChanged,
    RowsCorrected,
    Sent,
    Typed,
    opened,
    refused_of,
    resent_of,
    send_rows,
    send_rows_later,
    send_waiting_rows,
    sent_back,
    set_rows_aside,
    settling,
)
from colisage.kit.tasks import sweep_rows
from colisage.orders.models import Order, OrderLine
from tests.cast import World
from tests.intake.test_run_import import HEAD, accounted, row, start
from tests.together import at_once, faults

pytestmark = pytest.mark.usefixtures("balanced")
CHEN, BO = Actor("person", 3, "Chen"), Actor("person", 4, "Bo")


def cells(**changes: str) -> list[str]:
    """Give the cells of a row of order A, with some of them changed."""
    names = HEAD.strip().split(",")
    told = dict(zip(names, row("A").strip().split(","), strict=True)) | changes
    return [told[name] for name in names]


def send(run: ImportRun, order_row: int = 2, *, actor: Actor = CHEN, **typed: Any) -> Any:
    said = {order_row: Typed(**typed)} if typed else None
    answers = send_rows(ORDERS, [order_row], merchant_id=run.merchant_id, run_id=run.pk, actor=actor, typed=said)
    run.refresh_from_db()
    report = report_of(run)
    assert accounted(report) == report["rows"], report
    return answers[order_row]


def left(run: ImportRun) -> list[tuple[int, str, str]]:
    rows = RefusedRow.objects.filter(run=run).order_by("number")
    return list(rows.values_list("number", "state", "reason"))


def test_a_corrected_row_becomes_an_order_and_is_counted_as_one(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE"), row("B")))
    sent = send(run, cells={2: cells(sku="TAPIS")})
    order = Order.objects.get(external_ref="A")
    assert sent == Sent("accepted", order.pk, "A")
    assert report_of(run) == {
        "rows": 2, "orders": 2, "lines": 2, "cancelled": 0, "ignored": {}, "refused": {},
    }  # fmt: skip
    kept = RefusedRow.objects.get()
    assert (kept.state, kept.made_id, kept.cells[2], kept.raw[2]) == ("corrected", order.pk, "TAPIS", "NOPE")
    assert (kept.done_by, run.corrected) == ({"kind": "person", "id": 3, "name": "Chen"}, 1)
    assert kept.settled_at
    assert not list(refused_of(ORDERS, run))
    said = AuditEntry.objects.get(verb="rows_corrected")
    assert (said.actor_name, said.data) == ("Chen", {"row": 2, "rows": 1, "outcome": "accepted", "made": order.pk})


def test_a_row_that_is_refused_again_keeps_what_was_typed_and_its_new_reason(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    sent = send(run, cells={2: cells(sku="TAPIS", quantity="two")})
    assert sent == Sent("refused", reasons={2: "bad_quantity"})
    assert (report_of(run)["refused"], run.corrected) == ({"bad_quantity": 1}, 0)
    assert not Order.objects.exists()
    [back] = refused_of(ORDERS, run)
    assert (back.code, back.raw[2:4]) == ("bad_quantity", ["TAPIS", "two"])
    assert RefusedRow.objects.get().raw[2] == "NOPE"
    assert send(run, cells={2: cells(sku="TAPIS", quantity="2")}).outcome == "accepted"


def test_an_order_comes_back_whole_and_is_sent_whole(world: World) -> None:
    run = run_import(start(world, row("B"), row("A"), row("A", "NOPE"), row("A", "CARTE", "x")))
    [one] = sent_back(ORDERS, run)
    assert (one.first_row, one.last_row, one.count, one.name) == (3, 5, 3, "A")
    assert [(shown.number, shown.fault) for shown in one.rows] == [(5, "x")]
    first = send(run, 3, cells={5: cells(sku="CARTE")})
    assert first.reasons == {3: "order_incomplete", 4: "unknown_sku", 5: "order_incomplete"}
    assert send(run, 3, cells={4: cells(sku="TAPIS")}).outcome == "accepted"
    lines = OrderLine.objects.filter(order__external_ref="A").order_by("pk")
    assert list(lines.values_list("sku_code", flat=True)) == ["MUG", "TAPIS", "CARTE"]
    assert {state for _number, state, _reason in left(run)} == {"corrected"}


def test_a_row_may_be_left_out_and_an_order_of_no_rows_is_said(world: World) -> None:
    run = run_import(start(world, row("A"), row("A", "NOPE")))
    assert isinstance(send(run, left_out={2, 3}), NothingLeft)
    assert send(run, left_out={3}).outcome == "accepted"
    assert left(run) == [(2, "corrected", "order_incomplete"), (3, "aside", "unknown_sku")]
    assert report_of(run)["ignored"] == {"set_aside": 1}


def test_an_order_that_is_here_meanwhile_is_linked_and_not_taken_twice(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    run_import(start(world, row("A", "TAPIS")))
    sent = send(run, cells={2: cells(sku="TAPIS")})
    assert (sent.outcome, sent.made_id) == ("duplicate", Order.objects.get().pk)
    assert report_of(run)["ignored"] == {"already_imported": 1}
    assert left(run) == [(2, "corrected", "unknown_sku")]


def test_rows_typed_as_two_orders_become_two_and_what_is_refused_goes_on_by_itself(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE"), row("A")))
    sent = send(run, cells={3: cells(order_ref="A2")})
    assert sent.reasons == {2: "unknown_sku"}
    assert Order.objects.get().external_ref == "A2"
    assert [one.first_row for one in sent_back(ORDERS, run)] == [2]
    assert left(run) == [(2, "open", "unknown_sku"), (3, "corrected", "order_incomplete")]


def test_who_comes_second_is_told_who_was_first(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    send(run, cells={2: cells(quantity="x")}, seen=0, actor=BO)
    late = send(run, cells={2: cells(sku="TAPIS")}, seen=0)
    assert isinstance(late, RowsChanged)
    assert "Bo" in str(late)
    assert RefusedRow.objects.get().cells[3] == "x"
    assert send(run, cells={2: cells(sku="TAPIS")}, seen=1).outcome == "accepted"
    later = send(run, cells={2: cells()}, actor=BO, seen=1)
    assert isinstance(later, RowsCorrected)
    assert "Chen" in str(later)
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_row_at_the_same_moment_make_one_order(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))

    def sends(who: Actor, sku: str) -> Any:
        typed = {2: Typed({2: cells(sku=sku)}, seen=0)}
        return send_rows(ORDERS, [2], merchant_id=run.merchant_id, run_id=run.pk, actor=who, typed=typed)[2]

    answers = at_once(lambda: sends(CHEN, "TAPIS"), lambda: sends(BO, "MUG"))
    assert not faults([one for one in answers if not isinstance(one, RowsCorrected)])
    assert sorted(type(one).__name__ for one in answers) == ["RowsCorrected", "Sent"]
    assert Order.objects.count() == 1
    run.refresh_from_db()
    assert (run.corrected, accounted(report_of(run))) == (1, 1)


def test_what_was_missing_is_there_now_and_all_is_sent_again_by_a_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "PIECE_ROWS", 4)
    rows = [row(f"A{n}", "NEW") for n in range(9)]
    run = run_import(start(world, *rows, row("X", quantity="x"), row("Y", "NEW"), row("Y", "OLD")))
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    assert send_rows_later(ORDERS, merchant_id=run.merchant_id, run_id=run.pk, reason="unknown_sku", actor=BO) == 11
    assert send_rows_later(ORDERS, merchant_id=run.merchant_id, run_id=run.pk, reason="unknown_sku", actor=CHEN) == 11
    run.refresh_from_db()
    assert (resent_of(run).rows, resent_of(run).left) == (11, 11)
    assert send(run, 2, actor=BO).outcome == "accepted"  # somebody goes on meanwhile: the worker passes it over
    sweep_rows(0)  # as after the worker was killed
    assert send_waiting_rows(ORDERS, run.pk) == 9
    run.refresh_from_db()
    assert not resent_of(run)
    assert Order.objects.count() == 9
    assert run.refused == {"bad_quantity": 1, "order_incomplete": 1, "unknown_sku": 1}
    assert accounted(report_of(run)) == run.rows == 12
    assert RefusedRow.objects.filter(done_by__name="Bo", state="corrected").count() == run.corrected == 9
    assert AuditEntry.objects.filter(verb="order_accepted", actor_name="Bo").count() == 9
    assert not send_waiting_rows(ORDERS, run.pk)


def test_to_ask_for_all_to_be_sent_again_touches_no_row(world: World) -> None:
    """To mark each row took 11 s for 50,000 wide ones, in the request: only the file says what is asked for."""
    counts = []
    for size in (3, 60):
        run = run_import(start(world, *(row(f"R{size}-{n}", "NOPE") for n in range(size))))
        with CaptureQueriesContext(connection) as asked:
            send_rows_later(ORDERS, merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN)
        counts.append(len(asked))
        assert not [one for one in asked if "refusedrow" in one["sql"]]
    assert counts[0] == counts[1]


def test_what_is_asked_for_while_a_worker_is_at_it_comes_after(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_import(start(world, row("A", "NEW"), row("B", quantity="x"), row("C", "NEW"), row("D", "OLD")))
    told: dict[str, Any] = {"merchant_id": run.merchant_id, "run_id": run.pk}
    assert send_rows_later(ORDERS, reason="bad_quantity", actor=BO, **told) == 1
    assert send_rows_later(ORDERS, actor=CHEN, **told) == 4
    assert not send_rows_later(ORDERS, reason="bad_date", actor=CHEN, **told)
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    assert send_waiting_rows(ORDERS, run.pk) == 1 + 4
    tries = RefusedRow.objects.order_by("number").values_list("tries", "done_by__name", "state")
    assert list(tries) == [
        (1, "Chen", "corrected"), (2, "Chen", "open"), (1, "Chen", "corrected"), (1, "Chen", "open"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_file_send_every_row_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "PIECE_ROWS", 3)
    run = run_import(start(world, *(row(f"A{n}", "NEW" if n % 2 else "OLD") for n in range(12))))
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    send_rows_later(ORDERS, merchant_id=run.merchant_id, run_id=run.pk, actor=BO)
    sent = at_once(*[lambda: send_waiting_rows(ORDERS, run.pk)] * 2)
    assert not faults(sent)
    send_waiting_rows(ORDERS, run.pk)  # whoever found the other at work has left it to that one
    run.refresh_from_db()
    assert (Order.objects.count(), run.corrected, run.resend) == (6, 6, [])
    assert set(RefusedRow.objects.values_list("tries", flat=True)) == {1}


def test_a_worker_that_is_cut_off_goes_on_and_sends_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "PIECE_ROWS", 3)
    run = run_import(start(world, *(row(f"A{n}", "NEW") for n in range(7))))
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    send_rows_later(ORDERS, merchant_id=run.merchant_id, run_id=run.pk, actor=BO)
    done = []

    def cut_off(*args: Any, **told: Any) -> Any:
        if done:
            raise KeyboardInterrupt
        done.append(send_rows(*args, **told))
        return done[0]

    with monkeypatch.context() as patch:
        patch.setattr(settling, "send_rows", cut_off)
        with pytest.raises(KeyboardInterrupt):
            send_waiting_rows(ORDERS, run.pk)
    assert Order.objects.count() == 3
    assert send_waiting_rows(ORDERS, run.pk) == 4
    run.refresh_from_db()
    assert (Order.objects.count(), run.corrected, run.orders, run.refused) == (7, 7, 7, {})


def test_rows_that_could_not_be_read_are_not_sent_again_unseen(world: World) -> None:
    broken = row("A").replace("Camille", '"Camille')
    run = run_import(start(world, broken))
    assert left(run) == [(2, "open", "unclosed_quote")]
    assert send(run).reasons == {2: "unclosed_quote"}
    assert send(run, cells={2: cells()}).outcome == "accepted"


def test_a_channel_that_was_switched_off_sends_nothing_and_leaves_rows_to_correct(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    send_rows_later(ORDERS, merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN)
    type(world.channel).objects.filter(pk=world.channel.pk).update(active=False)
    send_waiting_rows(ORDERS, run.pk)
    assert left(run) == [(2, "open", "unknown_sku")]
    with pytest.raises(ChannelClosed):
        send(run)


def test_rows_set_aside_are_not_sent_until_they_are_taken_up_again(world: World) -> None:
    run = run_import(start(world, row("A"), row("A", "NOPE"), row("B", "NOPE")))
    assert set_rows_aside(ORDERS, [2, 99], merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN) == {2}
    run.refresh_from_db()
    assert (run.refused, run.ignored) == ({"unknown_sku": 1}, {"set_aside": 2})
    kept = RefusedRow.objects.get(number=2)
    assert (kept.state, kept.done_by["name"], kept.settled_at is None) == ("aside", "Chen", False)
    refusal = send(run, actor=BO)
    assert isinstance(refusal, RowsAside)
    assert "Chen" in str(refusal)
    assert not set_rows_aside(ORDERS, [2], merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN)
    assert set_rows_aside(ORDERS, [2], merchant_id=run.merchant_id, run_id=run.pk, back=True, actor=CHEN) == {2}
    assert send(run, cells={3: cells(sku="CARTE")}).outcome == "accepted"
    assert list(AuditEntry.objects.filter(doc_kind="import").order_by("pk").values_list("verb", flat=True))[-3:] == [
        "rows_set_aside", "rows_taken_up", "rows_corrected",
    ]  # fmt: skip


def test_rows_of_another_merchant_are_not_there(world: World) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    other = world.northwind.pk
    with pytest.raises(NotThere):
        send_rows(ORDERS, [2], merchant_id=other, run_id=run.pk, actor=CHEN)
    with pytest.raises(NotThere):
        set_rows_aside(ORDERS, [2], merchant_id=other, run_id=run.pk, actor=CHEN)
    with pytest.raises(NotThere):
        send_rows_later(ORDERS, merchant_id=other, run_id=run.pk, actor=CHEN)
    assert isinstance(send(run, 99), NotThere)


NASTY = {
    "a formula": "=cmd|'/C calc'!A0",
    "a command": "@SUM(1+1)",
    "emoji": "👩🏽‍🚀🫠",
    "right to left": "\u200fשלום 123\u202c",
    "a line": "8 rue\nLepic",
    "quotes": '"; DROP TABLE "x',
}


@pytest.mark.parametrize("said", NASTY.values(), ids=NASTY)
def test_whatever_is_typed_is_kept_as_it_is(world: World, said: str) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    assert send(run, cells={2: cells(sku=said)}).outcome == "refused"
    assert RefusedRow.objects.get().cells[2] == said
    assert send(run, cells={2: cells(name=said, sku="TAPIS")}).outcome == "accepted"
    assert Order.objects.get().customer_name == said


@pytest.mark.parametrize(
    ("said", "reason"),
    [("a\0b", "unreadable_characters"), ("�", "unreadable_characters"), ("x" * 1_000_001, "cell_too_long"),
     ("x" * 500_000, "cell_too_long_for_order")],
    ids=["NUL", "unreadable", "a megabyte", "half of one"],
)  # fmt: skip
def test_what_no_order_can_hold_comes_back_with_its_reason(world: World, said: str, reason: str) -> None:
    run = run_import(start(world, row("A", "NOPE")))
    assert send(run, cells={2: cells(sku="TAPIS", name=said)}).reasons == {2: reason}
    assert len(RefusedRow.objects.get().cells[6]) == len(said)
    [one] = sent_back(ORDERS, run)
    assert len(one.rows[0].cells[6]) <= 120
    shown = opened(ORDERS, run, first_row=2)
    assert shown
    assert shown.rows[0].faults == {6}


def shopify(*rows: Mapping[str, str]) -> str:
    names = [
        "Name", "Email", "Financial Status", "Fulfillment Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total",
        "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku",
        "Lineitem requires shipping", "Shipping Name", "Shipping Address1", "Shipping Zip", "Shipping City",
        "Shipping Country",
    ]  # fmt: skip
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def shopify_head(**cells: str) -> dict[str, str]:
    return {
        "Name": "#1001", "Email": "camille@exemple.fr", "Financial Status": "paid", "Fulfillment Status": "unfulfilled",
        "Currency": "EUR", "Subtotal": "21.00", "Shipping": "4.90", "Taxes": "0.00", "Total": "25.90",
        "Created at": "2026-11-20 10:00:00 +0100", "Shipping Name": "Camille", "Shipping Address1": "8 rue Lepic",
        "Shipping Zip": "75018", "Shipping City": "Paris", "Shipping Country": "FR", "Lineitem quantity": "1",
        "Lineitem requires shipping": "true",
    } | cells  # fmt: skip


def line(name: str, price: str, sku: str = "", *, ships: str = "true") -> dict[str, str]:
    return {
        "Lineitem name": name, "Lineitem price": price, "Lineitem sku": sku, "Lineitem requires shipping": ships,
    }  # fmt: skip


def woocommerce(sku: str) -> str:
    return (
        "order_id,order_number,status,order_date,order_currency,order_total,item_sku,item_name,item_quantity,item_total,"
        "shipping_first_name,shipping_address_1,shipping_postcode,shipping_city,shipping_country\n"
        f"71,W-71,processing,2026-11-20 10:00,EUR,18.00,{sku},Mug,1,18.00,Camille,8 rue Lepic,75018,Paris,FR\n"
    )


FILES = {
    # a file of each kind with an unknown SKU: its text, the column of the SKU, the options that a person gave with it
    "plain": (HEAD + row("A", "NOPE"), "sku", {}),
    "semicolons": ((HEAD + row("A", "NOPE")).replace(",", ";"), "sku", {}),
    "shopify": (shopify(shopify_head() | line("Tip", "3.00", ships="false"),
                        {"Name": "#1001", "Lineitem quantity": "1"} | line("Mug", "18.00", "NOPE")),
                "Lineitem sku", {}),
    "woocommerce": (woocommerce("NOPE"), "item_sku", {}),
    "pointed at": (
        "Bdc;Art;Nb;Le\nB-1;NOPE;2;03/04/2026\n", "Art",
        {"format": "plain", "dates": "day_first",
         "columns": {"order_ref": "bdc", "sku": "art", "quantity": "nb", "placed_at": "le"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_every_format_is_read_again_as_it_was_after_its_file_is_gone(world: World, settings: Any, kind: str) -> None:
    text, column, options = FILES[kind]
    run = run_import(_import(world, text.encode(), **options))
    assert (run.state, run.refused["unknown_sku"]) == ("done", 1), (run.problems, run.refused)
    (settings.COLISAGE_DATA_DIR / run.path).unlink()
    [one] = sent_back(ORDERS, run)
    shown = opened(ORDERS, run, first_row=one.first_row)
    assert shown
    [bad] = [each for each in shown.rows if each.own]
    place = run.columns.index(column)
    assert bad.faults == {place}
    typed = list(bad.cells)
    typed[place] = "MUG"
    assert send(run, one.first_row, cells={bad.number: typed}).outcome == "accepted"
    order = Order.objects.get()
    assert OrderLine.objects.get(order=order).sku_code == "MUG"
    assert order.total_cents == {"shopify": 2590, "pointed at": 0}.get(kind, 1800)


def test_an_order_whose_head_is_no_line_comes_back_with_its_head(world: World) -> None:
    run = run_import(_import(world, FILES["shopify"][0].encode()))
    assert report_of(run) == {
        "rows": 2, "orders": 0, "lines": 0, "cancelled": 0, "ignored": {},
        "refused": {"order_incomplete": 1, "unknown_sku": 1},
    }  # fmt: skip
    assert [back.number for back in refused_of(ORDERS, run)] == [2, 3]


def _import(world: World, data: bytes, **options: Any) -> int:
    return start_import(
        world.tilleul.pk, channel="shop", source=io.BytesIO(data), file_name="a.csv", options=options, actor=CHEN,
        in_background=False,
    )  # fmt: skip


@pytest.fixture
def many(world: World) -> tuple[ImportRun, list[int]]:
    run = run_import(start(world, *(row(f"R{n}", "NOPE") for n in range(60))))
    return run, [one.first_row for one in sent_back(ORDERS, run, size=60)]


def test_many_orders_are_sent_again_with_as_many_statements_as_few(
    world: World, many: tuple[ImportRun, Sequence[int]]
) -> None:
    run, order_rows = many
    Sku.objects.create(merchant=world.tilleul, code="NOPE", name="There now")
    counts = []
    for chosen in (order_rows[:3], order_rows[3:]):
        with CaptureQueriesContext(connection) as asked:
            send_rows(ORDERS, chosen, merchant_id=run.merchant_id, run_id=run.pk, actor=CHEN)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Order.objects.count() == 60
