"""Files and messages over the API: sent as they are, followed, and what came back corrected."""

from datetime import datetime
from gzip import compress
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from colisage.catalog.models import Sku
from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.actions.run_import import run_import
from colisage.intake.models import ImportRun, ShopMessage
from colisage.intake.ports import Arrived
from colisage.kit.tasks import read_rows_again
from colisage.orders.models import Order
from tests.books import balanced
from tests.cast import World
from tests.intake.test_run_import import HEAD, row
from tests.program import Make, code_of, program, stranger
from tests.workbooks import Raw, packed, parts, workbook

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("orders:read", "orders:write", "customers:read")


def sent(ask: Any, body: str | bytes, **query: str) -> Any:
    return ask.send("POST", f"imports?{urlencode({'channel': 'shop', 'name': 'a.csv'} | query)}", body)


def test_a_file_is_sent_followed_and_its_refused_rows_are_corrected(program: Make) -> None:
    ask = program(*MAY)
    answer = sent(ask, HEAD + row("A") + row("B", "NOPE") + row("C", quantity="x"))
    assert answer.status_code == 202, answer.content
    made = answer.json()
    assert (made["state"], made["channel"], made["file_name"]) == ("waiting", "shop", "a.csv")
    run_import(made["id"])
    told = ask.read(f"imports/{made['id']}")
    assert (told["state"], told["orders"], told["refused"]) == ("done", 1, {"bad_quantity": 1, "unknown_sku": 1})
    rows = ask.every(f"imports/{made['id']}/refused", limit=1)
    assert [(one["row"], one["code"], one["cells"][2]) for one in rows] == [
        (3, "unknown_sku", "NOPE"),
        (4, "bad_quantity", "MUG"),
    ]
    file = ask.get(f"imports/{made['id']}/refused.csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    again = sent(ask, file.content.replace(b"NOPE", b"TAPIS").replace(b",x,", b",2,"), name="b.csv").json()
    run_import(again["id"])
    assert ask.read(f"imports/{again['id']}")["refused"] == {}
    assert sorted(Order.objects.values_list("external_ref", flat=True)) == ["A", "B", "C"]
    assert [one["id"] for one in ask.every("imports", limit=1)] == [again["id"], made["id"]]


@pytest.mark.parametrize(
    ("body", "query", "code"),
    [
        (HEAD, {"channel": "nowhere"}, (422, "unknown_channel")),
        (HEAD, {"mapping": "Mine"}, (422, "unknown_mapping")),
        (HEAD, {"dates": "backwards"}, (422, "malformed")),
        (HEAD, {"maping": "Mine"}, (422, "unknown_parameter")),
        (" \n", {}, (422, "malformed")),
        (b"x" * 20_000_001, {}, (413, "too_large")),
        (b"x" * 25_000_001, {}, (413, "too_large")),
    ],
)
def test_what_cannot_be_a_file_of_orders_is_said_at_once(
    program: Make, body: str | bytes, query: dict[str, str], code: tuple[int, str]
) -> None:
    assert code_of(sent(program(*MAY), body, **query)) == code
    assert not ImportRun.objects.exists()


def test_a_rehearsed_file_leaves_nothing_behind(program: Make, settings: Any) -> None:
    place = settings.COLISAGE_DATA_DIR / "imports"
    before = set(place.glob("*"))
    answer = program(*MAY).send("POST", "imports?channel=shop&name=a.csv", HEAD + row("A"), Dry_Run="true")
    assert answer.status_code == 202
    assert (ImportRun.objects.count(), set(place.glob("*"))) == (0, before)


def test_rows_and_bodies_say_nothing_of_customers_without_the_scope(program: Make, stranger: Make) -> None:
    made = sent(program(*MAY), HEAD + row("B", "NOPE")).json()["id"]
    run_import(made)
    blind = program("orders:read", "orders:write")
    assert blind.read(f"imports/{made}")["refused"] == {"unknown_sku": 1}
    for path in (f"imports/{made}/refused", f"imports/{made}/refused.csv"):
        assert code_of(blind.get(path)) == (401, "unauthorized")
        assert code_of(stranger(*MAY).get(path)) == (404, "not_there")
    assert code_of(stranger(*MAY).get(f"imports/{made}")) == (404, "not_there")


def refused(world: World, *bodies: str) -> list[int]:
    arrived = [Arrived(key=f"k{n}", body=body.encode(), topic="orders/create") for n, body in enumerate(bodies)]
    keep_messages(world.tilleul.pk, channel_id=world.channel.pk, connector="shopify", via="webhook", arrived=arrived)
    ShopMessage.objects.update(state="refused", reason="unknown_sku", detail="NOPE")
    return list(ShopMessage.objects.order_by("pk").values_list("pk", flat=True))


def test_messages_that_wait_are_read_again_set_aside_or_corrected(world: World, program: Make, stranger: Make) -> None:
    first, second, third = refused(world, '{"a": 1}', '{"a": 2}', '{"a": 3}')
    ask = program(*MAY)
    assert [one["id"] for one in ask.every("messages", state="refused", channel="shop", limit=2)] == [
        third, second, first,
    ]  # fmt: skip
    assert ask.read("messages", channel="nowhere")["items"] == []
    told = ask.read(f"messages/{first}")
    assert (told["code"], told["body"]) == ("unknown_sku", '{\n  "a": 1\n}')
    assert program("orders:read").read(f"messages/{first}")["body"] is None
    assert code_of(stranger(*MAY).get(f"messages/{first}")) == (404, "not_there")
    body = {"messages": [first, 999_999]}
    assert stranger(*MAY).post("messages/retry", body).json()["results"][0]["code"] == "not_there"
    assert [one["outcome"] for one in ask.post("messages/retry", body).json()["results"]] == ["retried", "refused"]
    assert [one["outcome"] for one in ask.post("messages/retry", body).json()["results"]] == ["unchanged", "refused"]
    [aside] = ask.post("messages/set-aside", {"messages": [second]}).json()["results"]
    assert aside["outcome"] == "set_aside"
    made = ask.post(f"messages/{third}/correct", {"body": '{"a": 4}'})
    assert (made.status_code, made.json()["via"]) == (201, "hand")
    assert code_of(ask.post(f"messages/{third}/correct", {"body": '{"a": 4}'})) == (409, "nothing_corrected")
    states = dict(ShopMessage.objects.values_list("pk", "state"))
    assert (states[first], states[second], states[third]) == ("waiting", "ignored", "ignored")


COLUMNS = tuple(HEAD.strip().split(","))
DAY = datetime(2026, 11, 20)  # noqa: DTZ001 -- a cell holds a day of a calendar


def sheet_row(ref: str, *, day: object = DAY, quantity: object = 2, price: object = 18.5) -> tuple[object, ...]:
    return (ref, day, "MUG", quantity, price, "EUR", "Camille", "8 rue Lepic", "75018", "Paris", "FR", "paid")


def followed(ask: Any, body: bytes, name: str = "commandes.xlsx") -> dict[str, Any]:
    """Send a file, have it read, and give what became of it."""
    answer = sent(ask, body, name=name)
    assert answer.status_code == 202, answer.content
    run_import(answer.json()["id"])
    found: dict[str, Any] = ask.read(f"imports/{answer.json()['id']}")
    return found


def test_a_workbook_is_read_as_it_is_shown_with_its_dates_and_what_its_formulas_came_to(program: Make) -> None:
    ask = program(*MAY)
    told = followed(
        ask,
        workbook(
            [
                COLUMNS,
                sheet_row("A", quantity=Raw('<c r="{r}"><f>1+2</f><v>3</v></c>')),
                sheet_row("B", day="2026-11-21", price="12,50"),
                sheet_row("C", quantity=Raw('<c r="{r}"><f>A1*2</f></c>')),  # never computed
                sheet_row("D", quantity="=1+1"),  # a text that only looks like one
                sheet_row("E", day=Raw('<c r="{r}" t="e"><v>#REF!</v></c>')),
                (),
                sheet_row("F", day=datetime(2026, 11, 22, 17, 5)),  # noqa: DTZ001
            ]
        ),
    )
    assert (told["state"], told["orders"]) == ("done", 3)
    assert told["refused"] == {"formula_not_saved": 1, "bad_quantity": 1, "cell_error": 1}
    paris = ZoneInfo("Europe/Paris")  # the clock of the merchant
    taken = [
        (one.external_ref, f"{one.placed_at.astimezone(paris):%d %H:%M}", one.total_cents)
        for one in Order.objects.order_by("external_ref")
    ]
    assert taken == [("A", "20 00:00", 5550), ("B", "21 00:00", 2500), ("F", "22 17:05", 3700)]
    back = ask.every(f"imports/{told['id']}/refused", limit=2)
    assert [(one["row"], one["code"]) for one in back] == [
        (4, "formula_not_saved"), (5, "bad_quantity"), (6, "cell_error"),
    ]  # fmt: skip
    assert b"'=1+1" in ask.get(f"imports/{told['id']}/refused.csv").content  # given back so that it is no formula


def merged(rows: list[tuple[object, ...]], cells: str) -> bytes:
    """Write a workbook in which cells are merged: all but the first are empty."""
    made = parts(rows)
    name = "xl/worksheets/sheet1.xml"
    merge = f'</sheetData><mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'
    return packed({**made, name: made[name].replace("</sheetData>", merge)})


def test_a_title_above_the_columns_is_passed_over_and_of_a_merged_header_no_column_is_guessed(program: Make) -> None:
    ask = program(*MAY)
    title = followed(ask, merged([("Orders of November",), COLUMNS, sheet_row("A")], "A1:L1"))
    halved = followed(ask, merged([("order_ref", "placed_at", "sku", "", *COLUMNS[4:]), sheet_row("A")], "C1:D1"))
    assert [(one["state"], one["orders"]) for one in (title, halved)] == [("done", 1), ("refused", 0)]
    assert halved["problem"], halved
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "name", "problem"),
    [
        (b"PK\x03\x04 and nothing that follows", "a.xlsx", "a ZIP archive"),
        (workbook([COLUMNS, sheet_row("A")])[:-40], "a.xlsx", "incomplete or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "of an old kind"),
        (b"%PDF-1.7\n1 0 obj\n" + bytes(range(256)) * 4, "a.xlsx", "a PDF document"),
        (workbook([COLUMNS]), "a.xlsx", "no row"),
        (workbook([]), "a.xlsx", "is empty"),
        (workbook([COLUMNS, *[sheet_row("R", price="x" * 9_000)] * 25_000]), "a.xlsx", "exceeds 200 MB"),
        (compress(b"x,y\n" * 60_000_000, compresslevel=1), "a.csv.gz", "exceeds 200 MB"),
    ],
    ids=["no zip", "cut off", "an old workbook", "a document", "no rows", "nothing", "too many rows", "a gzip bomb"],
)
def test_what_is_no_workbook_or_too_much_of_one_is_refused_with_a_reason(
    program: Make, body: bytes, name: str, problem: str
) -> None:
    assert len(body) < 20_000_000
    told = followed(program(*MAY), body, name=name)
    assert (told["state"], told["orders"]) == ("refused", 0)
    assert problem in told["problem"]


def test_rows_that_came_back_are_corrected_sent_again_and_set_aside(
    world: World, program: Make, stranger: Make
) -> None:
    ask = program(*MAY)
    made = sent(ask, HEAD + row("A") + row("A", "NOPE") + row("B", "NOPE") + row("C", quantity="x")).json()["id"]
    run_import(made)
    rows = ask.every(f"imports/{made}/refused", limit=2)
    assert [(one["row"], one["order_row"], one["tries"]) for one in rows] == [
        (2, 2, 0),
        (3, 2, 0),
        (4, 4, 0),
        (5, 5, 0),
    ]
    right = [*rows[1]["cells"][:2], "TAPIS", *rows[1]["cells"][3:]]
    wrong = [*rows[3]["cells"][:3], "two", *rows[3]["cells"][4:]]
    body = {
        "orders": [
            {"order_row": 2, "rows": [{"row": 3, "cells": right}], "seen": 0},
            {"order_row": 5, "rows": [{"row": 5, "cells": wrong}]},
            {"order_row": 4, "rows": [{"row": 5, "cells": right}]},
            {"order_row": 99},
        ]
    }
    assert stranger(*MAY).post(f"imports/{made}/refused/correct", body).status_code == 404
    assert program("orders:read").post(f"imports/{made}/refused/correct", body).status_code == 401
    answer = ask.post(f"imports/{made}/refused/correct", body, Idempotency_Key="k")
    assert answer.json() == ask.post(f"imports/{made}/refused/correct", body, Idempotency_Key="k").json()
    order = Order.objects.get()
    assert answer.json()["results"] == [
        {"order_row": 2, "outcome": "accepted", "order_id": order.pk},
        {"order_row": 5, "outcome": "refused",
         "rows": [{"row": 5, "code": "bad_quantity", "detail": "The quantity is not a whole number."}]},
        {"order_row": 4, "outcome": "refused", "code": "not_there", "detail": "There is nothing here."},
        {"order_row": 99, "outcome": "refused", "code": "not_there", "detail": "There is nothing here."},
    ]  # fmt: skip
    [late] = ask.post(f"imports/{made}/refused/correct", {"orders": [{"order_row": 2}]}).json()["results"]
    assert (late["code"], "Program" in late["detail"]) == ("rows_corrected", True)
    [again] = ask.post(f"imports/{made}/refused/retry", {"order_rows": [4]}).json()["results"]
    assert (again["outcome"], again["rows"][0]["code"]) == ("refused", "unknown_sku")
    put = ask.post(f"imports/{made}/refused/set-aside", {"order_rows": [5, 2]}).json()["results"]
    assert [one["outcome"] for one in put] == ["set_aside", "refused"]
    back = ask.post(f"imports/{made}/refused/take-up", {"order_rows": [5]}).json()["results"]
    assert [one["outcome"] for one in back] == ["taken_up"]
    told = ask.read(f"imports/{made}")
    assert (told["corrected"], told["lines"], told["refused"]) == (2, 2, {"unknown_sku": 1, "bad_quantity": 1})
    assert code_of(ask.post(f"imports/{made}/refused/retry-all", {"code": "nope"})) == (422, "unknown_reason")
    Sku.objects.create(merchant=world.tilleul, code="NOPE", name="Now")
    waits = ask.post(f"imports/{made}/refused/retry-all", {"code": "unknown_sku"})
    assert (waits.status_code, waits.json()["refused"]) == (202, told["refused"])
    read_rows_again(kind="orders", run_id=made)
    assert ask.read(f"imports/{made}")["refused"] == {"bad_quantity": 1}
    assert Order.objects.count() == 2


def test_what_cannot_be_read_is_told_in_the_language_of_who_asks(program: Make) -> None:
    ask = program(*MAY)
    french = {"Accept-Language": "fr"}
    told = ask.post("imports/1/refused/retry", {"order_rows": ["x"]}, **french).json()
    assert told["detail"] == "Il faut un nombre entier, et non un texte (à `$.order_rows[0]`)"
    told = ask.post("orders", {"reference": "A", "currency": "EUR", "lines": []}, **french).json()
    assert told["detail"] == "Il faut une liste de longueur >= 1 (à `$.lines`)"
    [fault] = ask.get("imports", headers=french, limit=999).json()["errors"]
    assert (fault["pointer"], fault["detail"]) == ("/query/limit", "Écrivez un nombre d’au plus 200")
    [fault] = ask.get("messages", state="lost").json()["errors"]
    assert fault["detail"] == "Write one of: 'refused', 'waiting', 'done' or 'ignored'"
