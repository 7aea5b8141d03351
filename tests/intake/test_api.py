"""The JSON door for orders, over HTTP: accepted after the commit, the same again is the same, refusals say why."""

import json
from typing import Any

import jsonschema
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.config.api import api as api_document
from colisage.intake.api import answer_posts, sender_of
from colisage.intake.api.reading import read_post
from colisage.inventory.actions.hold_stock import hold_stock
from colisage.inventory.models import Reservation, StockHold
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.network.models import Channel
from colisage.network.queries import channels_of
from colisage.orders.models import Hold, Order, OrderLine
from colisage.people.actions.make_api_key import make_api_key
from colisage.people.models import ApiKey
from tests.books import stand, told
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")
ADDRESS = {"name": "Camille", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris", "country": "FR"}


@pytest.fixture(autouse=True)
def api(world: World) -> Channel:
    return Channel.objects.create(merchant=world.tilleul, kind="api", code="api", name="API")


@pytest.fixture
def token(world: World) -> str:
    return make_api_key(world.tilleul.pk, name="Shop", scopes=["orders:write"], actor=SYSTEM)


class Shop:
    """Somebody's program that posts orders."""

    def __init__(self, token: str) -> None:
        self.token = token

    def post(self, body: Any, **headers: str) -> HttpResponse:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().post(  # type: ignore[return-value]
            "/api/v1/orders",
            data=data,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **headers},
        )


@pytest.fixture
def shop(token: str) -> Shop:
    return Shop(token)


def order(reference: str = "A-1", *lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
    wanted = lines or (("MUG", 2),)
    return {
        "reference": reference,
        "currency": "EUR",
        "ship_to": ADDRESS,
        "lines": [{"sku": sku, "quantity": n, "unit_price_cents": 1_800} for sku, n in wanted],
        **changes,
    }


def read(response: HttpResponse) -> Any:
    return json.loads(response.content)


def test_an_order_is_accepted_and_named(shop: Shop, world: World) -> None:
    response = shop.post(order(total_cents=3_600))
    assert response.status_code == 201
    assert read(response) == {"reference": "A-1", "outcome": "accepted", "id": Order.objects.get().pk}
    assert stand(world.sku("MUG"), world.lyon) == (20, 2)
    assert AuditEntry.objects.get(verb="order_accepted").actor_name == "Shop"


def test_every_answer_is_as_the_document_says(shop: Shop) -> None:
    document = dict(api_document.get_openapi_schema())
    said = document["paths"]["/api/v1/orders"]["post"]["responses"]
    held = order("A-2", ship_to={**ADDRESS, "postcode": ""})
    for body, status in (
        (order(), 201),
        (order(), 200),
        (held, 201),
        ({"orders": [held, order("A-3", ("NONE", 1))]}, 200),
        (order("A-4", ("NONE", 1)), 422),
    ):
        answer = shop.post(body)
        assert answer.status_code == status
        (content,) = said[status]["content"].values()
        jsonschema.validate(read(answer), {**content["schema"], "components": document["components"]})
    assert set(document["paths"]["/api/v1/rules"]["post"]["responses"]) >= {201}
    assert 200 not in document["paths"]["/api/v1/rules"]["post"]["responses"]


def test_many_orders_are_judged_each_by_itself(shop: Shop) -> None:
    body = {"orders": [order("A"), order("B", ("NOPE", 1)), order("A"), order("C", channel="nowhere")]}
    response = shop.post(body)
    assert response.status_code == 200
    results = read(response)["results"]
    assert [(r["reference"], r["outcome"], r.get("code")) for r in results] == [
        ("A", "accepted", None),
        ("B", "refused", "unknown_sku"),
        ("A", "duplicate", None),
        ("C", "refused", "unknown_channel"),
    ]
    assert results[1]["errors"] == [{"pointer": "/lines/0", "code": "unknown_sku"}]
    assert Order.objects.count() == 1


@pytest.mark.parametrize("blanks", ['{"orders":', '{ "orders" :', '\n{\n  "orders": ', '\t{\r\n\t"orders":'])
def test_many_orders_may_be_written_with_any_white_space(shop: Shop, blanks: str) -> None:
    response = shop.post(blanks + json.dumps([order()], indent=2) + "}")
    assert response.status_code == 200
    assert read(response)["results"][0]["outcome"] == "accepted"


def test_the_same_order_again_is_the_same_order(shop: Shop) -> None:
    first, again = shop.post(order()), shop.post(order())
    assert (again.status_code, read(again)["outcome"]) == (200, "duplicate")
    assert read(again)["id"] == read(first)["id"]


def test_a_reference_with_other_content_is_refused(shop: Shop) -> None:
    shop.post(order())
    response = shop.post(order("A-1", ("MUG", 3)))
    assert (response.status_code, read(response)["code"]) == (409, "order_came_differently")


def test_what_is_wrong_with_an_order_is_a_problem_document(shop: Shop) -> None:
    response = shop.post(order("A", ("NOPE", 1)))
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert read(response) == {
        "type": "/problems/unknown_sku",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "This SKU is not in the catalogue.",
        "code": "unknown_sku",
        "errors": [{"pointer": "/lines/0", "code": "unknown_sku"}],
    }
    assert not Order.objects.exists()


def test_an_answer_is_in_the_language_asked_for(shop: Shop) -> None:
    english, french = (
        read(shop.post(order("A", ("NOPE", 1)), **{"Accept-Language": tongue}))["detail"] for tongue in ("en", "fr")
    )
    assert english != french


def test_a_channel_that_may_not_owe_refuses_for_want_of_stock(shop: Shop, api: Channel) -> None:
    Channel.objects.filter(pk=api.pk).update(may_owe=False)
    response = shop.post(order("A", ("MUG", 21)))
    assert (response.status_code, read(response)["code"]) == (409, "no_stock")
    assert not Order.objects.exists()


def test_a_refused_order_leaves_its_cart_open_for_the_corrected_one(shop: Shop, world: World, api: Channel) -> None:
    Channel.objects.filter(pk=api.pk).update(may_owe=False)
    lines = [("MUG", 5), ("CARTE", 1)]
    cart, _new = hold_stock(
        channels_of(world.tilleul.pk)["api"], reference="cart", lines=lines, seconds=600, now=timezone.now()
    )
    body = {"orders": [order("A", ("MUG", 21), reservation=cart), order("B", ("MUG", 15))]}
    results = read(shop.post(body))["results"]
    assert [(r["outcome"], r.get("code")) for r in results] == [("refused", "no_stock"), ("accepted", None)]
    assert stand(world.sku("MUG"), world.lyon) == (20, 20)
    assert StockHold.objects.get(pk=cart).ended_at is None
    assert shop.post(order("A", *lines, reservation=cart)).status_code == 201
    assert StockHold.objects.get(pk=cart).ordered
    assert stand(world.sku("MUG"), world.lyon) == (20, 20)


def test_an_incomplete_order_is_accepted_and_held(shop: Shop) -> None:
    response = shop.post(order(ship_to={**ADDRESS, "postcode": "7501"}, payment="pending"))
    assert response.status_code == 201
    assert read(response)["holds"] == [
        {"kind": "address", "reason": "bad_postcode"},
        {"kind": "payment", "reason": "not_paid"},
    ]
    assert Hold.objects.count() == 2


def test_sku_codes_are_read_in_any_case(shop: Shop, world: World) -> None:
    Sku.objects.create(merchant=world.tilleul, code="Thé-vert", name="Thé")
    for n, code in enumerate(["mug", "MuG", "thé-vert", "THÉ-VERT", "Thé-vert"]):
        assert shop.post(order(str(n), (code, 1))).status_code == 201, code


def test_a_digital_product_holds_no_stock_and_needs_no_address(shop: Shop, world: World) -> None:
    Sku.objects.create(merchant=world.tilleul, code="EBOOK", name="E-book", digital=True)
    response = shop.post(order("A", ("EBOOK", 1), ship_to=None))
    assert response.status_code == 201
    assert not Reservation.objects.exists()


def test_the_customers_language_and_name_fall_back_to_what_is_known(shop: Shop) -> None:
    shop.post(order(language="en"))
    placed = Order.objects.get()
    assert (placed.language, placed.customer_name, placed.number) == ("en", "Camille", "A-1")


def test_amounts_that_do_not_add_up_are_refused(shop: Shop) -> None:
    response = shop.post(order(total_cents=3_599))
    assert (response.status_code, read(response)["code"]) == (422, "amounts_do_not_balance")


def test_a_discount_above_the_price_is_refused(shop: Shop) -> None:
    body = order()
    body["lines"][0]["discount_cents"] = 3_601
    response = shop.post(body)
    assert (response.status_code, read(response)["code"]) == (422, "discount_too_large")


def test_an_order_discount_above_everything_is_refused(shop: Shop) -> None:
    assert shop.post(order(discount_cents=3_601)).status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "status"),
    [("2026-11-20", 201), ("2026-12-24", 201), ("2026-11-19", 422), ("2030-01-01", 422), ("soon", 422), ("", 422)],
)
def test_a_wanted_day_is_kept_unless_no_delivery_could_keep_it(shop: Shop, wanted: str, status: int) -> None:
    response = shop.post(order(placed_at="2026-11-20T23:30:00+01:00", wanted_on=wanted))
    assert response.status_code == status
    assert [f"{placed.wanted_on}" for placed in Order.objects.all()] == ([wanted] if status == 201 else [])
    if status == 422 and wanted.startswith("20"):
        assert read(response)["code"] == "bad_wanted_date"


def test_an_order_from_the_far_future_is_a_misread_date(shop: Shop) -> None:
    response = shop.post(order(placed_at="2999-01-01T00:00:00Z"))
    assert (response.status_code, read(response)["code"]) == (422, "bad_date")


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_an_order_from_before_the_web_is_a_misread_date(shop: Shop, at: str) -> None:
    """The first of them is before year 1 in UTC: once stored, no list that holds it could be read."""
    response = shop.post(order(placed_at=at))
    assert (response.status_code, read(response)["code"]) == (422, "bad_date")
    assert not Order.objects.exists()


# Bodies that cannot be an order.

MALFORMED: list[Any] = [
    "",
    "{",
    "[]",
    "null",
    "17",
    '"orders"',
    b"\xff\xfe",
    b'{"reference": "\xff"}',
    {"orders": []},
    {"orders": order()},
    {},
    order(lines=[]),
    order(reference=""),
    order(reference="r" * 81),
    order(currency="eur"),
    order(colour="blue"),
    order("A", ("MUG", 0)),
    order("A", ("MUG", -1)),
    order("A", ("MUG", 1_000_001)),
    order("A", ("", 1)),
    order(total_cents=10**13),
    order(total_cents=-1),
    order(total_cents=1.5),
    order(placed_at="2026-01-01T00:00:00"),
    order(placed_at="yesterday"),
    order(payment="stolen"),
    order(language="de"),
    order(ship_to={**ADDRESS, "country": "FRA"}),
    order(ship_to="Paris"),
    order(customer_note="n" * 4_001),
    order(customer_note="a\u0000b"),
    '{"reference": "a\\ud800", "currency": "EUR", "lines": [{"sku": "MUG", "quantity": 1}]}',
    '{"reference": "A", "currency": "EUR", "lines": [{"sku": "MUG", "quantity": 1e400}]}',
    '{"reference": "A", "currency": "EUR", "lines": [{"sku": "MUG", "quantity": ' + "9" * 5_000 + "}]}",
    '{"reference": "A", "currency": "EUR", "lines": ' + "[" * 100_000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_what_cannot_be_read_is_said_to_be_malformed_and_changes_nothing(shop: Shop, body: Any) -> None:
    response = shop.post(body)
    assert (response.status_code, read(response)["code"]) == (422, "malformed")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Order.objects.exists()


def test_of_many_those_that_can_be_read_are_taken(shop: Shop) -> None:
    """What cannot be read comes back by itself, with its reference and its reason, and can be sent again."""
    wrong = [
        order("A-2", ("MUG", 0)),
        {},
        "A-4",
        order("A-5", colour="blue"),
        {"reference": 7},
        order("A-6", customer_note="a\u0000b"),
    ]
    response = shop.post({"orders": [order("A-1"), *wrong, order("A-7")]})
    results = read(response)["results"]
    assert response.status_code == 200
    assert [(r["reference"], r["outcome"], r.get("code", "")) for r in results] == [
        ("A-1", "accepted", ""),
        ("A-2", "refused", "malformed"),
        ("", "refused", "malformed"),
        ("", "refused", "malformed"),
        ("A-5", "refused", "malformed"),
        ("", "refused", "malformed"),
        ("", "refused", "malformed"),
        ("A-7", "accepted", ""),
    ]
    assert "$.lines[0].quantity" in results[1]["detail"]
    assert sorted(Order.objects.values_list("external_ref", flat=True)) == ["A-1", "A-7"]
    (again,) = read(shop.post({"orders": [order("A-2")]}))["results"]
    assert again["outcome"] == "accepted"


def test_what_is_wrong_is_named_by_its_place(shop: Shop) -> None:
    assert "$.lines[0].quantity" in read(shop.post(order("A", ("MUG", 0))))["detail"]


def test_the_largest_amounts_that_can_be_read_are_answered_too(shop: Shop) -> None:
    """Every number alone is within its bounds; their product is not."""
    lines = [{"sku": "MUG", "quantity": 1_000_000, "unit_price_cents": 10**12}] * 50
    response = shop.post(order(lines=lines))
    assert response.status_code == 422
    assert read(response)["code"] == "huge_amount"


def test_text_of_any_script_is_kept_as_it_came(shop: Shop) -> None:
    shop.post(order(customer_name="Zoë 李 𝔘 \u202e", customer_note='<b>"\\ ’ %s {0}'))
    placed = Order.objects.get()
    assert (placed.customer_name, placed.customer_note) == ("Zoë 李 𝔘 \u202e", '<b>"\\ ’ %s {0}')


def test_a_text_that_only_looks_like_a_null_is_no_null(shop: Shop) -> None:
    assert shop.post(order(customer_note="C:\\u0000")).status_code == 201


# Who may.


@pytest.mark.parametrize("word", ["", "Bearer", "Bearer ", "Basic abc", "Bearer co_00000000.nothing", "Bearer é"])
def test_without_a_valid_key_nothing_is_answered(shop: Shop, word: str) -> None:
    response = shop.post(order(), Authorization=word)
    assert (response.status_code, read(response)["code"]) == (401, "unauthorized")
    assert not Order.objects.exists()


def test_a_right_prefix_with_a_wrong_secret_is_no_key(shop: Shop, token: str) -> None:
    shop.token = f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"
    assert shop.post(order()).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}, {"scopes": ["orders:read"]}, {"scopes": []}],
)
def test_a_key_that_is_over_or_of_another_scope_opens_nothing(shop: Shop, change: dict[str, Any]) -> None:
    ApiKey.objects.update(**change)
    assert shop.post(order()).status_code == 401


def test_a_key_is_never_kept(token: str) -> None:
    key = ApiKey.objects.get()
    assert token not in (key.digest, key.prefix, key.name)
    assert token.partition(".")[2] not in key.digest


def test_a_key_of_another_merchant_sees_neither_channels_nor_skus_of_this_one(world: World) -> None:
    theirs = Shop(make_api_key(world.northwind.pk, name="N", scopes=["orders:write"], actor=SYSTEM))
    Sku.objects.create(merchant=world.tilleul, code="SECRET", name="Secret")
    assert read(theirs.post(order("A", ("SECRET", 1), currency="CAD")))["code"] == "unknown_sku"
    assert read(theirs.post(order("A", channel="shop")))["code"] == "unknown_channel"


def test_two_merchants_may_use_the_same_reference(shop: Shop, world: World) -> None:
    theirs = Shop(make_api_key(world.northwind.pk, name="N", scopes=["orders:write"], actor=SYSTEM))
    assert [shop.post(order()).status_code, theirs.post(order()).status_code] == [201, 201]


# Idempotency keys.


def test_the_same_request_again_gets_the_same_answer(shop: Shop) -> None:
    first = shop.post(order(), **{"Idempotency-Key": "k1"})
    again = shop.post(order(), **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.content) == (201, first.content)
    assert Order.objects.count() == 1


def test_a_refusal_is_repeated_too(shop: Shop, world: World) -> None:
    first = shop.post(order("A", ("NEW", 1)), **{"Idempotency-Key": "k1"})
    Sku.objects.create(merchant=world.tilleul, code="NEW", name="New")
    again = shop.post(order("A", ("NEW", 1)), **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.content) == (422, first.content)


def test_a_key_with_another_body_is_refused(shop: Shop) -> None:
    shop.post(order("A"), **{"Idempotency-Key": "k1"})
    response = shop.post(order("B"), **{"Idempotency-Key": "k1"})
    assert (response.status_code, read(response)["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_keys_that_are_alike_until_they_would_be_cut_are_two(shop: Shop) -> None:
    longest = "k" * 255
    assert shop.post(order("A"), **{"Idempotency-Key": longest}).status_code == 201
    response = shop.post(order("A"), **{"Idempotency-Key": f"{longest}x"})
    assert (response.status_code, read(response)["code"]) == (422, "idempotency_key_too_long")
    french = shop.post(order("B"), **{"Idempotency-Key": f"{longest}y", "Accept-Language": "fr"})
    assert read(french)["detail"] == "Une clé d’idempotence compte 255 caractères au plus."
    assert list(Order.objects.values_list("external_ref", flat=True)) == ["A"]


def test_the_keys_of_two_programs_are_apart(shop: Shop, world: World) -> None:
    other = Shop(make_api_key(world.tilleul.pk, name="Other", scopes=["orders:write"], actor=SYSTEM))
    assert shop.post(order("A"), **{"Idempotency-Key": "k"}).status_code == 201
    assert other.post(order("B"), **{"Idempotency-Key": "k"}).status_code == 201


def _group(token: str, *bodies: Any, key: str) -> list[tuple[int, Any]]:
    sender = sender_of(f"Bearer {token}")
    assert sender
    posts = [
        read_post(json.dumps(b).encode(), key=sender[0], channels=sender[1], language="en", idempotency_key=key)
        for b in bodies
    ]
    return [(reply.status, json.loads(reply.body)) for reply in answer_posts(posts)]


def test_one_key_twice_in_one_group_gets_one_answer(token: str) -> None:
    first, again = _group(token, order(), order(), key="k1")
    assert first[0] == 201
    assert again == first


def test_one_key_with_two_bodies_in_one_group_is_refused_the_second_time(token: str) -> None:
    first, other = _group(token, order("A"), order("B"), key="k1")
    assert first[0] == 201
    assert (other[0], other[1]["code"]) == (422, "idempotency_key_reused")
    assert list(Order.objects.values_list("external_ref", flat=True)) == ["A"]


def test_a_group_answers_each_in_its_place(token: str) -> None:
    answers = _group(token, order("A"), order("B", ("NOPE", 1)), {"orders": [order("C"), order("D")]}, key="")
    assert [status for status, _ in answers] == [201, 422, 200]
    assert [r["reference"] for r in answers[2][1]["results"]] == ["C", "D"]


def test_many_posts_take_as_many_statements_as_one(token: str, django_assert_max_num_queries: Any) -> None:
    sender = sender_of(f"Bearer {token}")
    assert sender
    posts = [
        read_post(
            json.dumps(order(str(n))).encode(), key=sender[0], channels=sender[1], language="en", idempotency_key=str(n)
        )
        for n in range(40)
    ]
    with django_assert_max_num_queries(27):
        answer_posts(posts)
    assert OrderLine.objects.count() == 40
    assert len(told("OrderAccepted")) == 40
