"""Files and messages over the API: sent as they are, followed, and what came back corrected."""

from typing import Any
from urllib.parse import urlencode

import pytest

from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.actions.run_import import run_import
from colisage.intake.models import ImportRun, ShopMessage
from colisage.intake.ports import Arrived
from colisage.orders.models import Order
from tests.books import balanced
from tests.cast import World
from tests.intake.test_run_import import HEAD, row
from tests.program import Make, code_of, program, stranger

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
