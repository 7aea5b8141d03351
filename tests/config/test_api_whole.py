"""Every door of the API, as its OpenAPI document describes it: nothing that is sent breaks it, nobody enters without a
key that may, and answers are what the document says.

The document is walked here; what is sent is made from its schemas, and then broken in one place or another.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colisage.boxing.actions.add_box_types import add_box_types
from colisage.boxing.rules import BoxRow
from colisage.carriers.actions.save_rate_card import CardRow, ZoneRow, save_rate_card
from colisage.carriers.models import Carrier
from colisage.config.api import api
from colisage.inbound.actions.draft_supplier_return import Back, draft_supplier_return
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.actions.order_goods import order_goods
from colisage.inbound.actions.receive_goods import receive_goods
from colisage.inbound.actions.receive_production import receive_production
from colisage.inbound.actions.save_checklist import Asked as Question
from colisage.inbound.actions.save_checklist import save_checklist
from colisage.inbound.actions.send_transfer import send_transfer
from colisage.inbound.actions.set_aside import Found, set_aside
from colisage.inbound.models import Checklist, ConsignmentStatement, Supplier, TransferLine
from colisage.inbound.queries.supplier_returns import waiting_in_quarantine
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.actions.record_tag_read import record_tag_read
from colisage.inventory.actions.save_count_plan import save_count_plan
from colisage.inventory.actions.save_tag_reader import save_tag_reader
from colisage.inventory.models import CountTask
from colisage.kit.actors import SYSTEM, Actor
from colisage.notices.actions.save_endpoint import save_endpoint
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import FulfillmentOrder
from colisage.packing.models import Parcel
from colisage.people.rules import SCOPES
from colisage.shipping.models import Label, Shipment
from tests.books import balanced
from tests.cast import World, day
from tests.cast import world as make_world
from tests.kept import kept
from tests.program import Program
from tests.returns.conftest import ask, deliver

__all__ = ["balanced"]
DOCUMENT = api.get_openapi_schema()
EXAMPLES = 12  # of each door; more on demand
WORDS = [
    "MUG",
    "COFFRET",
    "LYON",
    "MTL",
    "shop",
    "api",
    "A-01-1",
    "ref",
    "vip",
    "damage",
    "open",
    "laposte",
    "L1",
    "POT",
    "PAL-1",
    "A",
]
NUMBERS = [0, 1, 2, 3, -1, 2**31, 2**63 - 1, 2**63, 10**30]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _operations() -> Iterator[Any]:
    for path, methods in DOCUMENT["paths"].items():
        for method, said in methods.items():
            yield pytest.param(method.upper(), path, said, id=said["operationId"])


OPERATIONS = list(_operations())


Full = tuple[World, list[int]]


@pytest.fixture(scope="module")
def filled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Full]]:
    """Fill the world once for all the doors; each test undoes what it did."""
    with kept(fill_all, blocker=django_db_blocker, folder=tmp_path_factory.mktemp("filled")) as copy:
        yield copy


@pytest.fixture
def full(filled: Callable[[], Full], db: None, settings: Any) -> Full:
    """Give the filled world, and the ids."""
    settings.COLISAGE_API_BURST = settings.COLISAGE_INTAKE_BURST = 1_000_000
    return filled()


@pytest.fixture
def world(full: Full) -> World:
    """Give the filled world: there is no other beside it."""
    return full[0]


def fill_all() -> Full:
    """Make the world, and in it one of everything that is asked for; give it, and the ids."""
    world = make_world()
    chen = Actor(kind="person", id=world.chen.pk, name="Chen")
    [answer] = place_orders([world.order(("MUG", 1), tags=("vip",))], actor=SYSTEM)
    assert answer.order_id is not None
    set_hold(world.tilleul.pk, order_ids=[answer.order_id], kind="manual", reason="look", actor=SYSTEM)
    order = deliver(world, chen, ("MUG", 2))
    endpoint, _secret = save_endpoint(
        world.tilleul.pk, url="https://shop.example/", events=["order.accepted"], actor=SYSTEM
    )
    purchase = order_goods(
        world.tilleul.pk, supplier="POT", node_id=world.lyon.pk, number="A-1", lines=[(world.sku("MUG").pk, 9, 700)],
        actor=SYSTEM,
    )  # fmt: skip
    dock = at_the_dock(world, purchase)
    shipment = labelled(world, deliver(world, chen, ("CARTE", 1), stage="labelled"))
    mug = world.sku("MUG").pk
    ids = [
        answer.order_id,
        order,
        ask(world, order, ("MUG", 1)),
        mug,
        endpoint,
        shipment,
        purchase,
        *dock,
        *of_house(world),
    ]
    return world, ids


def of_house(world: World) -> list[int]:
    """Give the house a packaging, and a price of its own; give the ids."""
    sides = {f"{where}_{side}_mm": 200 for where in ("inner", "outer") for side in ("length", "width", "height")}
    box = BoxRow(code="C3", name="Box", empty_grams=90, max_grams=9_000, **sides)
    zone = ZoneRow(code="FR", countries=("FR",), breaks=((1_000, 490, 2, 3),))
    card = save_rate_card(
        CardRow(
            operator_id=world.nord.pk, carrier_code="laposte", carrier_name="La Poste", service_code="home",
            service_name="Colissimo Domicile", from_country="FR", currency="EUR", valid_from=date(2026, 1, 1),
            source="contract", zones=[zone],
        )
    )  # fmt: skip
    return [*add_box_types(world.nord.pk, [box], actor=SYSTEM), card]


def at_the_dock(world: World, purchase: int) -> list[int]:
    """Let something of an order come, wait for its inspection and be set aside, and something go; give the ids."""
    merchant, node = world.tilleul.pk, world.lyon.pk
    save_checklist(
        merchant, name="Glaze", questions=[Question("yes_no", "Is it even?")], sample_rule="all", actor=SYSTEM
    )
    delivery = open_delivery(merchant, node_id=node, purchase_order_id=purchase, actor=SYSTEM)
    receipt = receive_goods(
        merchant, node_id=node, sku_id=world.sku("MUG").pk, sku_code="MUG", good=3, purchase_order_id=purchase,
        delivery_id=delivery, actor=SYSTEM,
    )  # fmt: skip
    found = Found(kind="wrong", units=2, sku_id=world.sku("LAMPE").pk)
    aside = set_aside(merchant, node_id=node, found=found, delivery_id=delivery, actor=SYSTEM)
    wanted = [(world.sku("PLUME").pk, 3)]
    transfer = send_transfer(
        merchant, wanted, from_node_id=node, to_node_id=world.montreal.pk, once="walk", actor=SYSTEM
    )
    made = receive_production(merchant, node_id=node, sku_id=world.sku("TAPIS").pk, qty=2, once="walk", actor=SYSTEM)
    plan = save_count_plan(world.nord.pk, node_id=node, method="abc", bins_a_day=2, actor=SYSTEM)
    [(plate, _code)] = make_plates(merchant, codes=["PAL-1"], actor=SYSTEM)
    more = looked_at(world)
    return [delivery, receipt, aside, transfer, TransferLine.objects.get().pk, made, plan, plate, *more]


def looked_at(world: World) -> list[int]:
    """Let something go back to its supplier, be owed to him, be counted and be read by its tags; give the ids."""
    merchant, node, operator = world.tilleul.pk, world.lyon.pk, world.nord.pk
    [waits] = waiting_in_quarantine([merchant])
    supplier = Supplier.objects.get(merchant=merchant)
    back = draft_supplier_return(
        merchant, [Back(waits.held.cell_id, 1, "wrong")], supplier_id=supplier.pk, actor=SYSTEM
    )
    owed = ConsignmentStatement.objects.create(
        merchant_id=merchant, supplier=supplier, month=day(0).replace(day=1), currency="EUR"
    )
    place = world.bins()[0].pk
    count_bins(operator, node_id=node, bins=[(place, "hand")], actor=SYSTEM)
    reader = save_tag_reader(operator, node_id=node, name="Gate", host="x", port=5084, place_code="", actor=SYSTEM)
    epcs = [f"30340F4E{n:016X}" for n in range(3)]
    read = record_tag_read(operator, node_id=node, place_id=place, epcs=epcs, merchant_ids=[merchant], actor=SYSTEM)
    checklist = Checklist.objects.get(merchant=merchant).pk
    return [waits.held.cell_id, back, owed.pk, CountTask.objects.get().pk, reader, read, checklist]


def labelled(world: World, order_id: int) -> int:
    """Give a part that is labelled its parcel, its label and its shipment; give that."""
    part = FulfillmentOrder.objects.get(order_id=order_id)
    carrier = Carrier.objects.create(code="laposte", name="La Poste", country="FR")
    parcel = Parcel.objects.create(
        merchant=world.tilleul, fulfillment_order=part, number=1, state="sealed", expected_grams=300, grams=310,
        length_mm=200, width_mm=150, height_mm=100, sealed_at=timezone.now(),
    )  # fmt: skip
    shipment = Shipment.objects.create(
        merchant=world.tilleul, operator=world.nord, node=world.lyon, order_id=order_id, fulfillment_order=part,
        carrier=carrier, state="bought", idempotency_key="walk", currency="EUR", parcels=1, grams=310,
    )  # fmt: skip
    face = {
        "sender": "Maison Tilleul, Lyon", "to": ["Camille"], "postcode": "75018", "city": "PARIS", "country": "",
        "route": "FR 75", "carrier": "La Poste", "service": "Lettre", "reference": "#1", "parcel": "1/1", "grams": 310,
    }  # fmt: skip
    Label.objects.create(
        merchant=world.tilleul, shipment=shipment, parcel=parcel, carrier=carrier, tracking_number="6A1", face=face
    )
    return shipment.pk


def made(schema: Any, ids: list[int]) -> st.SearchStrategy[Any]:
    """Make values that a schema allows, mostly: of its kind, near its limits."""
    if "$ref" in schema:
        return made(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]], ids)
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([made(one, ids) for one in several])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    makers = {"object": _object, "array": _array, "integer": _integer, "string": lambda one, _ids: _text(one)}
    plain = {"boolean": st.booleans(), "null": st.none(), "number": st.floats(allow_nan=False)}
    kind = schema.get("type")
    return makers[kind](schema, ids) if kind in makers else plain.get(kind, ANYTHING)


def _array(schema: Any, ids: list[int]) -> st.SearchStrategy[Any]:
    fewest = schema.get("minItems", 0)
    return st.lists(made(schema.get("items", {"type": "string"}), ids), min_size=fewest, max_size=max(fewest, 3))


def _integer(schema: Any, ids: list[int]) -> st.SearchStrategy[int]:
    low, high = schema.get("minimum", -(2**63)), schema.get("maximum", 2**64)
    return st.sampled_from([*ids, 1, 2, low, high, low - 1, high + 1]) | st.integers(low, high)


def _object(schema: Any, ids: list[int]) -> st.SearchStrategy[Any]:
    members = {name: made(one, ids) for name, one in schema.get("properties", {}).items()}
    needed = {name: members[name] for name in schema.get("required", []) if name in members}
    return st.fixed_dictionaries(needed, optional={n: one for n, one in members.items() if n not in needed})


def _text(schema: Any) -> st.SearchStrategy[str]:
    if schema.get("format") in {"date", "date-time"}:
        return st.sampled_from(["2026-11-20T09:30:00Z", "2026-11-20", "9999-12-31T23:59:59+14:00", "0001-01-01", "now"])
    most = min(schema.get("maxLength", 40), 40)
    free = st.text(max_size=most)
    known = st.sampled_from(WORDS)
    if "pattern" in schema and "\x00" not in schema["pattern"] and "\\x00" not in schema["pattern"]:
        return st.from_regex(schema["pattern"], fullmatch=True) | free
    return known | free


@st.composite
def broken(draw: st.DrawFn, whole: Any) -> Any:
    """Leave a value as it is, or break it in one place."""
    how = draw(st.sampled_from(["whole", "whole", "drop", "swap", "add", "other"]))
    if how == "other" or not isinstance(whole, dict) or not whole:
        return whole if how == "whole" else draw(ANYTHING)
    name = draw(st.sampled_from(sorted(whole)))
    rest = {key: value for key, value in whole.items() if key != name or how != "drop"}
    return rest | ({name: draw(ANYTHING)} if how == "swap" else {"surprise": 1} if how == "add" else {})


def sent(draw: Any, method: str, path: str, said: Any, ids: list[int]) -> tuple[str, dict[str, Any], bytes]:
    """Make a request: an address with its query, headers, a body."""
    headers = {}
    query = []
    for one in said.get("parameters", ()):
        if one["in"] == "path":
            value = draw(st.sampled_from([*ids, *map(abs, NUMBERS)]) if "int" in str(one["schema"]) else _text({}))
            path = path.replace(f"{{{one['name']}}}", quote(str(value), safe=""))
        elif draw(st.booleans()) or (one.get("required") and draw(st.booleans())):
            value = draw(made(one["schema"], ids) | ANYTHING.filter(lambda v: not isinstance(v, dict | list)))
            if one["in"] == "header":
                headers[one["name"]] = str(value).encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "")
            else:
                query.append(f"{one['name']}={quote(str(value))}")
    body = b""
    file = said.get("requestBody", {}).get("content", {}).get("text/csv", {}).get("example")
    if file:
        body = draw(_table(file))
    elif method in {"POST", "PUT"}:
        described = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        value = draw(broken(draw(made(described, ids))))
        body = draw(st.sampled_from([json.dumps(value).encode()] * 5 + [json.dumps(value).encode()[:-1], b"\xff\x00"]))
    return f"{path}?{'&'.join(query)}", headers, body


@st.composite
def _table(draw: st.DrawFn, example: str) -> bytes:
    """Make a file of the columns and the row of an example, with cells in which something else may stand."""
    head, row, *_more = example.split("\r\n")
    cell = st.sampled_from([*WORDS, *map(str, NUMBERS)]) | st.text(max_size=10)
    rows = draw(st.lists(st.tuples(*(st.just(one) | st.just(one) | cell for one in row.split(","))), max_size=3))
    lines = [head, *(",".join(cells) for cells in rows)]
    return draw(st.sampled_from(["\r\n", "\n"])).join(lines).encode(errors="replace")


@pytest.mark.usefixtures("balanced")
@pytest.mark.parametrize(("method", "path", "said"), OPERATIONS)
def test_nothing_that_is_sent_breaks_a_door(full: Full, method: str, path: str, said: Any) -> None:
    world, ids = full
    program = Program(world.tilleul, *SCOPES)

    @_few
    @given(st.data())
    def send(data: st.DataObject) -> None:
        url, headers, body = sent(data.draw, method, path, said, ids)
        kind = data.draw(st.sampled_from(_kinds(said)))
        answer: Any = program.client.generic(method, url, body, content_type=kind, headers=headers)
        assert answer.status_code < 500, (url, headers, body, answer.content)
        _as_described(answer, said)

    send()


def _kinds(said: Any) -> list[str]:
    """Give the media types under which a door takes JSON; one that takes a file reads it whatever it is called."""
    kinds = said.get("requestBody", {}).get("content", ())
    return [kind for kind in kinds if kind.endswith("json")] or ["application/json"]


_few = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def _as_described(answer: Any, said: Any) -> None:
    """Check an answer against the document; a refusal is a problem whose code is no sentence."""
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", answer.content
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["code"].replace("_", "").isalnum()
        assert told["detail"]
        return
    assert answer.status_code in said["responses"], answer.status_code
    described = said["responses"][answer.status_code]
    assert set(described.get("headers", ())) <= set(answer.headers)
    content = described.get("content", {})
    if not content:
        assert answer.content == b""
        return
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in content
    if kind == "application/json":
        jsonschema.validate(answer.json(), {**content[kind]["schema"], "components": DOCUMENT["components"]})


@pytest.mark.parametrize(("method", "path", "said"), OPERATIONS)
def test_nobody_enters_without_a_key_that_may(world: World, method: str, path: str, said: Any) -> None:
    url = path
    for one in said.get("parameters", ()):
        url = url.replace(f"{{{one['name']}}}", "1")
    others = Program(world.tilleul, *(scope for scope in SCOPES if scope != said["x-scope"]))
    for client in (Client(), others.client, Client(headers={"Authorization": "Bearer co_nobody.x"})):
        for wrong in (url, f"{url}?limit=none&surprise=1"):  # what cannot be read is said to nobody without a key
            answer = client.generic(method, wrong, "{", content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), answer.content
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_document_says_of_every_door_its_scope_and_that_it_may_refuse() -> None:
    for operation in OPERATIONS:
        _method, path, said = operation.values
        assert said["x-scope"] in SCOPES, path
        assert said["summary"], path
        assert {401, 422, 429} <= set(said["responses"]), path


@pytest.mark.parametrize("path", ["", "nowhere", "orders/", "v2/orders"])
def test_an_address_without_a_door_says_so_to_a_program(client: Client, path: str) -> None:
    for answer in (client.get(f"/api/v1/{path}"), client.post(f"/api/v1/{path}")):
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_the_document_says_of_every_door_what_it_answers_when_it_is_done() -> None:
    silent = [
        (path, status)
        for _method, path, said in (operation.values for operation in OPERATIONS)
        for status, answer in said["responses"].items()
        if 200 <= status < 300 and not (_schemas_in(answer) or answer.get("headers"))
    ]
    assert silent == []


def _schemas_in(answer: Any) -> bool:
    content = answer.get("content", {}).values()
    return bool(content) and all(one.get("schema") for one in content)


def test_every_body_has_an_example_that_its_schema_allows() -> None:
    bodies = 0
    for operation in OPERATIONS:
        _method, path, said = operation.values
        content = said.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            bodies += 1
            assert "example" in content, path
            jsonschema.validate(content["example"], {**content["schema"], "components": DOCUMENT["components"]})
    assert bodies > 50


READS = [one for one in OPERATIONS if one.values[0] == "GET" and "/epcis/" not in one.values[1]]  # EPCIS has its own


@pytest.mark.parametrize(("method", "path", "said"), READS)
def test_a_parameter_that_a_door_does_not_know_is_refused(world: World, method: str, path: str, said: Any) -> None:
    needed = {"sku": "MUG", "channel": "shop", "codes": "MUG", "node": "LYON"}
    query = [one["name"] for one in said.get("parameters", ()) if one["in"] == "query"]
    for one in said.get("parameters", ()):
        path = path.replace(f"{{{one['name']}}}", "1")
    sent = {name: value for name, value in needed.items() if name in query}
    answer: Any = Program(world.tilleul, *SCOPES).client.generic(method, path, QUERY_STRING=urlencode(sent | {"x": 1}))
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter"), answer.content


def test_a_rehearsal_that_is_asked_for_in_the_wrong_place_is_not_done_in_earnest(world: World) -> None:
    program = Program(world.tilleul, *SCOPES)
    answer = program.post("skus?dry_run=true", {"skus": [{"code": "NEW", "name": "New"}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_parameter")
    assert program.every("skus", code="NEW") == []
    for path in ("orders", "inbound/announcements", "reservations"):
        assert program.post(f"{path}?dry_run=true", {}).json()["code"] == "unknown_parameter"


def test_a_method_that_an_address_does_not_know_is_refused_as_a_program_can_read_it(world: World) -> None:
    answer = Program(world.tilleul, *SCOPES).send("DELETE", "orders")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "method_not_allowed"
