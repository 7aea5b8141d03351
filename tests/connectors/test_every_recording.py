"""Every recording of a shop in the shared folder is read by a test, or says why it cannot be: a new one has to, too.

Those that no test of a connector reads are read here, through the real client or translator, over a socket where they
are answers.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.books import balanced
from tests.cast import World
from tests.connectors.shops import ask, connected
from tests.serving import served

from colisage.connectors.actions.check_connection import check_connection
from colisage.connectors.actions.keep_interchange import keep_interchange
from colisage.connectors.amazon.channel import Amazon
from colisage.connectors.amazon.client import AmazonClient
from colisage.connectors.edi.envelopes import MOST_BYTES
from colisage.connectors.plain_csv.orders import PlainOrders
from colisage.connectors.ports import Access, ShopRefused, ShopSilent
from colisage.connectors.prestashop.client import PrestaClient, record, rooted
from colisage.connectors.shopify.channel import Shopify
from colisage.connectors.shopify.orders_csv import ShopifyOrders
from colisage.intake.ports import AskFor, Nothing, OrderTold, Unreadable
from colisage.intake.rules import difference
from colisage.kit.tabular import open_table

__all__ = ["balanced"]
HERE: Final = Path(__file__).parent
SHOPS: Final = (
    "shopify", "woocommerce", "prestashop", "amazon-sp-api", "shipstation-custom-store", "csv", "edi-x12", "edifact",
)  # fmt: skip
OURS: Final = "test_every_recording.py"
# ruff: noqa: E501 -- a table
# By pattern: the file and the test that reads it, or why none can.
READERS: Final[Mapping[str, str]] = {
    "*/SOURCE.md": "says where the recordings are from",
    "shopify/graphql/*": "shopify/test_shopify_documents.py",
    "shopify/rest-2026-07/*": "shopify/test_shopify.py::test_recorded_orders_are_told_or_refused_with_a_reason_and_their_money_adds_up",
    "shopify/go-shopify/*": "shopify/test_shopify.py::test_recorded_orders_are_told_or_refused_with_a_reason_and_their_money_adds_up",
    "shopify/derived/*.headers.json": "shopify/test_shopify.py::test_recorded_messages_carry_the_signature_that_is_checked",
    "shopify/derived/*.body.json": "shopify/test_shopify.py::test_recorded_messages_carry_the_signature_that_is_checked",
    "shopify/vcr-2016/*": f"{OURS}::test_orders_as_shopify_told_them_ten_years_ago_add_up_to_the_cent",
    "shopify/csv-seeds/*": f"{OURS}::test_a_table_of_a_warehouse_of_data_is_no_export_of_the_shop_and_can_be_pointed_at",
    "woocommerce/webhook_headers.json": "woocommerce/test_woocommerce.py::test_recorded_webhooks_carry_the_signature_that_is_checked",
    "woocommerce/*": "woocommerce/test_woocommerce.py::test_recorded_orders_are_told_or_refused_with_a_reason_and_their_money_adds_up",
    "prestashop/test_import_*_record_*": "prestashop/test_prestashop.py::test_recorded_records_make_an_order",
    "prestashop/test_export_stock_quantity.*": "prestashop/test_prestashop.py::test_stock_is_written_as_it_was_recorded",
    "prestashop/*": f"{OURS}::test_every_answer_of_a_prestashop_is_read_and_one_without_records_is_said",
    "amazon-sp-api/examples/orders_2026-01-01/*": "amazon/test_amazon.py::test_every_order_that_amazon_shows_is_read_and_its_money_adds_up",
    "amazon-sp-api/examples/*": f"{OURS}::test_whatever_amazon_shows_is_read_or_left_with_a_reason",
    "amazon-sp-api/notifications/*": "amazon/test_amazon.py::test_the_recorded_notice_asks_for_its_order",
    "amazon-sp-api/sandbox/*": f"{OURS}::test_every_refusal_of_amazons_sandbox_is_told_in_amazons_words",
    "amazon-sp-api/*Notification.json": f"{OURS}::test_whatever_amazon_shows_is_read_or_left_with_a_reason",
    "amazon-sp-api/orders*.json": "amazon/test_amazon.py::test_we_ask_for_and_send_only_what_the_api_knows",
    "amazon-sp-api/external*.json": "describes a service for warehouses of Amazon's, which we are not",
    "amazon-sp-api/f*.json": "describes fulfilment by Amazon: a partner's work, and no sales channel (issue 8)",
    "shipstation-custom-store/orders_export_sample.xml": "custom_store/test_custom_store.py::test_the_example_of_the_guide_is_read_to_the_cent",
    "shipstation-custom-store/shipstation_xml_schema.xsd": "custom_store/test_serving.py::test_orders_are_given_with_their_state_as_the_protocols_schema_wants_them",
    "shipstation-custom-store/shipnotify_sample.xml": "custom_store/test_serving.py::test_the_notice_of_the_guide_waits_for_a_person",
    "shipstation-custom-store/shipstation-v1-openapi.yml": "describes ShipStation's own API, which neither side of the custom store speaks",
    "csv/*": "shopify/test_shopify_orders_csv.py::test_the_published_exports_are_accounted_for",
    "edi-x12/*": f"{OURS}::test_every_file_of_edi_is_kept_and_answered_or_refused_with_a_reason",
    "edifact/*": f"{OURS}::test_every_file_of_edi_is_kept_and_answered_or_refused_with_a_reason",
}


def reader_of(path: str) -> str:
    """Give who reads a recording: the first pattern that fits."""
    return next((reader for pattern, reader in READERS.items() if fnmatch(path, pattern)), "")


def test_every_recording_of_a_shop_has_a_reader(shared: Path) -> None:
    root = shared / "fixtures"
    found = [str(one.relative_to(root)) for shop in SHOPS for one in (root / shop).rglob("*") if one.is_file()]
    assert len(found) > 300
    assert [path for path in found if not reader_of(path)] == []
    assert {pattern for pattern in READERS if not any(fnmatch(path, pattern) for path in found)} == set()


def test_every_reader_is_a_test() -> None:
    for reader in READERS.values():
        file, _colons, name = reader.partition("::")
        if file.endswith(".py"):
            tests = {one.name for one in ast.parse((HERE / file).read_text()).body if isinstance(one, ast.FunctionDef)}
            assert not name or name in tests, reader


# --- Shopify


def test_orders_as_shopify_told_them_ten_years_ago_add_up_to_the_cent(shared: Path) -> None:
    told = []
    for file in sorted((shared / "fixtures/shopify/vcr-2016").glob("*.json")):
        for exchange in json.loads(file.read_text()):
            body = exchange["response"]["body"]
            body = json.loads(body) if isinstance(body, str) else body
            for one in body.get("orders", [body.get("order", body)]):
                found = Shopify().read(json.dumps(one).encode(), topic="")
                if "transactions" in one:
                    assert found == Nothing("not_an_order")
                    continue
                assert found == Nothing("test_order", "5182437124")
                real = Shopify().read(json.dumps({**one, "test": False}).encode(), topic="")
                assert isinstance(real, OrderTold)
                told.append(real.draft)
    assert [(draft.currency, draft.total_cents, difference(draft)) for draft in told] == [("EUR", 47000, 0)] * 2
    assert all(line.quantity and line.external_ref for draft in told for line in draft.lines)


def test_a_table_of_a_warehouse_of_data_is_no_export_of_the_shop_and_can_be_pointed_at(shared: Path) -> None:
    for file in sorted((shared / "fixtures/shopify/csv-seeds").glob("*.csv")):
        table = open_table(file)
        assert not ShopifyOrders().recognises(table.columns), file.name
        guessed = PlainOrders().guess(table)
        assert guessed.get("sku" if "line" in file.name else "email"), (file.name, guessed)


# --- PrestaShop and Amazon: what was recorded is answered again


class Replay:
    """Answers what was recorded last, whatever is asked."""

    def __init__(self) -> None:
        self.url, self.status, self.body = "", 200, b""

    def app(self) -> Starlette:
        """Give the web application; a log-in is always granted."""
        return Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST", "PATCH", "PUT"])])

    async def answer(self, request: Request) -> Response:
        """Answer."""
        if request.url.path == "/log-in":
            return Response('{"access_token": "a", "expires_in": 3600}', media_type="application/json")
        return Response(self.body, self.status)


@pytest.fixture
def replay() -> Iterator[Replay]:
    made = Replay()
    with served(made.app()) as url:
        made.url = url
        yield made


def test_every_answer_of_a_prestashop_is_read_and_one_without_records_is_said(
    balanced: World, shared: Path, replay: Replay
) -> None:
    connection = connected(balanced, "prestashop", url=replay.url, key="K")
    client = PrestaClient(Access({"url": replay.url}, {"key": "K"}))
    whole = listed = 0
    for file in sorted((shared / "fixtures/prestashop").glob("*.json")):
        for exchange in json.loads(file.read_text()):
            asked, answer = exchange["request"], exchange["response"]
            replay.status, replay.body = answer["status"], (answer["body"] or "").encode()
            if asked["method"] == "HEAD":  # says nothing: no shop is known by it
                fault = check_connection(connection.pk)
                assert fault is not None
                assert fault.code == "not_a_shop"
                continue
            [root] = rooted(replay.body)
            resource = root.tag if asked["uri"].partition("?")[0].endswith(root.tag) else ""
            if not resource:
                assert record(root)["id"].isdecimal(), asked["uri"]
                whole += 1
                continue
            listed += 1
            if not len(root):
                assert client.those(resource, ids=["1"]) == []
                continue
            with pytest.raises(ShopRefused) as refused:  # only numbers, and everything was asked for
                client.those(resource, ids=["1"])
            assert refused.value.code == "strange_answer"
    assert (whole > 60, listed) == (True, 13)
    recorded = json.loads((shared / "fixtures/prestashop/test_import_sale_batch.exchanges.json").read_text())
    replay.body = recorded[0]["response"]["body"].encode()
    assert ask(connection) == []
    connection.refresh_from_db()
    assert (connection.problems["asked"]["code"], connection.cursor) == ("strange_answer", {})


def amazons(shared: Path, *folders: str) -> list[Path]:
    """Give Amazon's files in some folders."""
    home = shared / "fixtures/amazon-sp-api"
    return [one for folder in folders for one in sorted((home / folder).rglob("*.json"))]


def test_whatever_amazon_shows_is_read_or_left_with_a_reason(shared: Path) -> None:
    files = [*amazons(shared, "examples", "sandbox"), *sorted((shared / "fixtures/amazon-sp-api").glob("*.json"))]
    for file in files:
        found = json.loads(file.read_text())
        for body in (found, found.get("response") if isinstance(found, dict) else None):
            with suppress(Unreadable):  # says why
                read = Amazon().read(json.dumps(body).encode(), topic="")
                assert isinstance(read, OrderTold | AskFor | Nothing)
                assert not isinstance(read, OrderTold) or difference(read.draft) == 0, file
    assert len(files) > 100


CODES: Final = {400: "strange_answer", 404: "unknown_to_shop", 409: "strange_answer", 429: "too_many_calls"}


def test_every_refusal_of_amazons_sandbox_is_told_in_amazons_words(shared: Path, replay: Replay, settings: Any) -> None:
    settings.COLISAGE_SHOPS_INSIDE = True
    options = {"url": replay.url, "log_in": f"{replay.url}/log-in", "marketplaces": "A1", "seller": "S", "client": "c"}
    client = AmazonClient(Access(options, {"client_secret": "s", "refresh_token": "r"}))
    seen = 0
    for file in amazons(shared, "sandbox"):
        found = json.loads(file.read_text())
        replay.status, replay.body = found["status"], json.dumps(found["response"]).encode()
        if replay.status < 400:
            replay.body = b"" if replay.status == 204 else replay.body
            client.confirm("1", marketplace="A1", package={})
            continue
        with pytest.raises(ShopRefused) as refused:
            client.confirm("1", marketplace="A1", package={})
        seen += 1
        fault = refused.value
        assert fault.code == CODES.get(replay.status, "shop_in_trouble"), file.name
        assert isinstance(fault, ShopSilent) == (replay.status >= 500)  # then what happened is not known
        errors = found["response"].get("errors") if isinstance(found["response"], dict) else None
        if errors and replay.status != 429:
            assert errors[0]["message"][:80] in fault.detail, file.name
    assert seen >= 20


# --- EDI


def test_every_file_of_edi_is_kept_and_answered_or_refused_with_a_reason(balanced: World, shared: Path) -> None:
    connection = connected(balanced, "edi", currency="EUR", country="FR", key="k" * 32)
    became: dict[str, str] = {}
    for folder in ("edi-x12", "edifact"):
        for file in sorted((shared / "fixtures" / folder).iterdir()):
            body = file.read_bytes()
            assert len(body) < MOST_BYTES
            kept = keep_interchange(balanced.tilleul.pk, channel_id=connection.channel_id, body=body, via="hand")
            assert kept, file.name
            assert all(one.answer or one.reason for one in kept), file.name
            became[file.name] = ",".join(sorted({one.reason or one.state for one in kept}))
    assert {name for name, fate in became.items() if fate == "taken" and not name.endswith(".edi")} == set()
    assert len(became) > 25
