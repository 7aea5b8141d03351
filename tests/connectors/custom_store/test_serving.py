"""The custom store the other way round: a tool from outside pulls orders from us and says what it sent."""

import base64
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, parse, tostring

import pytest
from django.db import connection as db
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.cast import World
from tests.connectors.custom_store.conftest import ago, store_order
from tests.connectors.shops import ask, order_of, read

from colisage.connectors.custom_store.channel import CustomStore
from colisage.connectors.custom_store.client import exported
from colisage.connectors.custom_store.serving import PAGE
from colisage.connectors.custom_store.simulator import Store
from colisage.connectors.models import Connection
from colisage.intake.models import ShopMessage
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.people.actions.make_api_key import make_api_key

XS = "{http://www.w3.org/2001/XMLSchema}"
ALL = ("orders:read", "customers:read", "orders:write")


def key(world: World, *scopes: str) -> dict[str, str]:
    """Make an API key; give the header of somebody who sends it as a password."""
    token = make_api_key(world.tilleul.pk, name="outil", scopes=scopes, actor=SYSTEM)
    return {"authorization": "Basic " + base64.b64encode(f"outil:{token}".encode()).decode()}


def pull(world: World, headers: dict[str, str], **asked: str) -> Element:
    """Pull a page of orders."""
    now = timezone.now()
    span = {
        "start_date": f"{now - timedelta(days=1):%m/%d/%Y %H:%M}",
        "end_date": f"{now + timedelta(minutes=2):%m/%d/%Y %H:%M}",
    }
    door = reverse("custom-store", args=[world.channel.code])
    answer = Client().get(door, {"action": "export", **span, **asked}, headers=headers)
    assert answer.status_code == 200, answer.content
    return fromstring(answer.content)


def statuses(root: Element) -> dict[str | None, str | None]:
    return {one.findtext("OrderNumber"): one.findtext("OrderStatus") for one in root.iter("Order")}


def faults(found: Element, declared: Element, types: dict[str, Element]) -> Iterable[str]:
    """Check an element against its declaration: what the protocol's own schema uses of XML Schema, and no more."""
    complex_type = declared.find(f"{XS}complexType")
    if complex_type is None:
        yield from faults_of_text(found, declared, types)
        return
    group = next(one for one in complex_type if one.tag in {f"{XS}all", f"{XS}sequence"})
    children = {one.get("name", ""): one for one in group}
    for name, one in children.items():
        count, most = len(found.findall(name)), one.get("maxOccurs", "1")
        if count < int(one.get("minOccurs", "1")) or (most != "unbounded" and count > int(most)):
            yield f"{found.tag}: {count} of {name}"
    for child in found:
        if child.tag not in children:
            yield f"{found.tag}: {child.tag}"
        else:
            yield from faults(child, children[child.tag], types)


def faults_of_text(found: Element, declared: Element, types: dict[str, Element]) -> Iterable[str]:
    said, named, simple = found.text or "", declared.get("type", ""), declared.find(f"{XS}simpleType")
    numbers = {"xs:float": r"-?\d+(\.\d+)?", "xs:int": r"-?\d{1,9}", "xs:boolean": "true|false|1|0"}
    if len(found) or (named in numbers and not re.fullmatch(numbers[named], said)):
        yield f"{found.tag}: {said!r} is no {named}"
    for rule in (simple if simple is not None else types.get(named, Element("none"))).iter():
        if rule.tag == f"{XS}maxLength" and len(said) > int(rule.get("value", "")):
            yield f"{found.tag}: {len(said)} characters"
        if rule.tag == f"{XS}pattern" and not re.fullmatch(rule.get("value", ""), said):
            yield f"{found.tag}: {said!r}"


@pytest.fixture
def orders(balanced: World, store: Store, connection: Connection) -> None:
    """Take orders over from a shop, one of each kind."""
    store.orders["L1"] = store_order(
        "L1",
        ("MUG", "2", "18.00"),
        ("COFFRET", "1", "20.00"),
        CustomerNotes="Sonnez <deux> fois " * 80,
        GiftMessage="Noël",
    )
    for number, said in (("L2", "unpaid"), ("L3", "paid"), ("L4", "paid")):
        store.orders[number] = store_order(number, ("MUG", "1", "18.00"), OrderStatus=said)
    ask(connection)
    cancel_orders(balanced.tilleul.pk, order_ids=[order_of(balanced, "L3").pk], actor=SYSTEM)
    set_hold(balanced.tilleul.pk, order_ids=[order_of(balanced, "L4").pk], kind="manual", reason="wait", actor=SYSTEM)


@pytest.mark.usefixtures("orders")
def test_orders_are_given_with_their_state_as_the_protocols_schema_wants_them(balanced: World, shared: Path) -> None:
    root = pull(balanced, key(balanced, *ALL))
    assert statuses(root) == {"L1": "paid", "L2": "unpaid", "L3": "cancelled", "L4": "on_hold"}
    schema = parse(shared / "fixtures/shipstation-custom-store/shipstation_xml_schema.xsd").getroot()
    types = {one.get("name", ""): one for one in schema.iter(f"{XS}simpleType")}
    [declared] = schema.findall(f"{XS}element")
    assert list(faults(root, declared, types)) == []
    spoilt = fromstring(re.sub(rb"<OrderTotal>[^<]*", b"<OrderTotal>much", tostring(root)))
    assert len(list(faults(spoilt, declared, types))) == 4  # the check itself can fail


@pytest.mark.usefixtures("orders")
def test_what_we_give_can_be_read_as_a_shop_of_ours(balanced: World) -> None:
    page = exported(bytes(tostring(pull(balanced, key(balanced, *ALL)))))
    body = next(one for one in page.orders if b">L1<" in one)
    told = CustomStore().read(b'<Export currency="EUR">' + body + b"</Export>", topic="")
    draft, order = told.draft, order_of(balanced, "L1")
    assert (draft.total_cents, draft.shipping_cents, draft.payment, draft.gift_note) == (6090, 490, "paid", "Noël")
    assert [(line.sku, line.quantity, line.unit_price_cents) for line in draft.lines] == [
        ("MUG", 2, 1800), ("COFFRET", 1, 2000),
    ]  # fmt: skip
    assert draft.ship_to is not None
    assert order.ship_to is not None
    assert (draft.ship_to.line1, draft.ship_to.postcode) == (order.ship_to["line1"], order.ship_to["postcode"])
    assert len(draft.customer_note) <= 1000


@pytest.mark.usefixtures("orders")
def test_pages_and_spans_of_time_are_kept_to(balanced: World, store: Store, connection: Connection) -> None:
    headers = key(balanced, *ALL)
    assert not statuses(pull(balanced, headers, end_date=f"{ago(600):%m/%d/%Y %H:%M}"))
    assert not statuses(pull(balanced, headers, page="2"))
    with CaptureQueriesContext(db) as few:
        pull(balanced, headers)
    for n in range(PAGE + 20):
        store.orders[f"M{n}"] = store_order(f"M{n}", ("CARTE", "1", "2.50"), when=ago(5), OrderStatus="unpaid")
    connection.refresh_from_db()
    ask(connection)
    with CaptureQueriesContext(db) as many:
        first = pull(balanced, headers)
    second = pull(balanced, headers, page="2")
    assert (first.get("pages"), len(first), len(second), len(many)) == ("2", PAGE, 24, len(few))
    assert len(statuses(first).keys() | statuses(second).keys()) == PAGE + 24


@pytest.mark.usefixtures("orders")
def test_nobody_is_let_in_without_a_key_that_may(balanced: World) -> None:
    door = reverse("custom-store", args=[balanced.channel.code])
    for headers in ({}, {"authorization": "Basic !!"}, {"authorization": "Basic YTpi"}, key(balanced, "orders:read")):
        answer = Client().get(door, {"action": "export"}, headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"][:5]) == (401, "Basic")
    good = key(balanced, *ALL)
    assert (
        Client().get(reverse("custom-store", args=["nothing"]), {"action": "export"}, headers=good).status_code == 404
    )
    for wrong in ({"page": "0"}, {"page": "x"}, {"page": "9" * 40}, {"start_date": "yesterday"}, {"action": "drop"}):
        assert Client().get(door, {"action": "export", **wrong}, headers=good).status_code in {400, 422}


@pytest.mark.usefixtures("orders")
def test_the_notice_of_the_guide_waits_for_a_person(balanced: World, connection: Connection, shared: Path) -> None:
    sample = (shared / "fixtures/shipstation-custom-store/shipnotify_sample.xml").read_bytes()
    door, headers = reverse("custom-store", args=[balanced.channel.code]), key(balanced, "orders:write")
    query = "?action=shipnotify&order_number=L1&carrier=USPS&service=Priority+Mail&tracking_number=1Z909084330298430820"
    assert Client().post(door + query, sample, content_type="text/xml", headers=headers).status_code == 404
    ours = sample.replace(b"<OrderID>123456<", f"<OrderID>{order_of(balanced, 'L1').pk}<".encode())
    ours = ours.replace(b"ABC123", b"L1")
    for _twice in range(2):
        assert Client().post(door + query, ours, content_type="text/xml", headers=headers).status_code == 200
    [notice] = [one for one in read(connection) if one.topic == "shipnotify"]
    assert (notice.reason, notice.detail) == ("sent_elsewhere", "L1 · USPS · Priority Mail · 1Z909084330298430820")


@pytest.mark.usefixtures("orders")
def test_a_notice_of_a_parcel_waits_once_for_a_person(balanced: World, connection: Connection) -> None:
    door, headers = reverse("custom-store", args=[balanced.channel.code]), key(balanced, "orders:write")
    query = "?action=shipnotify&order_number=L1&carrier=USPS&service=Priority&tracking_number=1Z9"
    order = order_of(balanced, "L1")
    bodies = [b"", f"<ShipNotice><OrderID>{order.pk}</OrderID></ShipNotice>".encode()]
    for body in [*bodies, *bodies]:
        answer = Client(enforce_csrf_checks=True).post(door + query, body, content_type="text/xml", headers=headers)
        assert answer.status_code == 200
    [notice] = [one for one in read(connection) if one.topic == "shipnotify"]
    assert (notice.state, notice.reason, notice.detail, notice.external_ref, notice.by_name) == (
        "refused", "sent_elsewhere", "L1 · USPS · Priority · 1Z9", "L1", "outil",
    )  # fmt: skip
    assert order_of(balanced, "L1").state == "open"
    before = ShopMessage.objects.count()
    for body, number, status in (
        (b"<a/>", "L1", {400, 422}),
        (b"<!DOCTYPE a><a/>", "L1", {400, 422}),
        (b"", "L99", {404}),
    ):
        said = f"?action=shipnotify&order_number={number}&tracking_number=2"
        assert Client().post(door + said, body, content_type="text/xml", headers=headers).status_code in status
    assert Client().post(door + query, b"", content_type="text/xml").status_code == 401
    assert ShopMessage.objects.count() == before
