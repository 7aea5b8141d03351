from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.connectors.shopify.sdl import faults, input_faults

from colisage.connectors.shopify.client import DOCUMENTS, document
from colisage.connectors.shopify.graphql import Field, parsed

NAMES = sorted(file.stem for file in DOCUMENTS.glob("*.graphql"))


@pytest.fixture
def sdl(shared: Path) -> Path:
    """Give Shopify's schema of the version we speak."""
    return shared / "fixtures/shopify/graphql/2026-01.schema.graphql"


@pytest.mark.parametrize("name", NAMES)
def test_every_document_asks_only_what_the_schema_of_shopify_has(name: str, sdl: Path) -> None:
    found = parsed(document(name))
    assert found.name == name
    assert faults(found, sdl) == []


def cost(fields: Sequence[Field]) -> int:
    """Count objects as Shopify's rule says: one each, as often as `first` allows; lists of no given size once."""
    total = 0
    for one in fields:
        inside, times = cost(one.fields), one.arguments.get("first", 1)
        if one.name == "...":
            total += inside
        elif any(inner.name == "nodes" for inner in one.fields):
            total += 2 + times * inside
        elif one.fields and one.name != "pageInfo":
            total += times * (1 + inside)
    return total


@pytest.mark.parametrize("name", NAMES)
def test_no_document_costs_more_than_shopify_answers_at_once(name: str) -> None:
    assert cost(parsed(document(name)).fields) < 1_000


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("query A { shop { nam } }", "Shop: no field nam"),
        ("query A { shop }", "QueryRoot.shop: asks no fields of Shop"),
        ("query A { shop { name { x } } }", "Shop.name: asks fields of String"),
        ("query A { order { id } }", "QueryRoot.order: needs id"),
        ("query A($id: ID!) { order(id: $id, first: 1) { id } }", "QueryRoot.order: no argument first"),
        ("query A($id: String!) { order(id: $id) { id } }", "QueryRoot.order(id): String!, not ID!"),
        ("query A($id: ID) { order(id: $id) { id } }", "QueryRoot.order(id): ID, not ID!"),
        ("query A($id: ID!) { shop { name } }", "$id is not used"),
        ("query A { orders(first: 1, sortKey: SIZE) { nodes { id } } }", "QueryRoot.orders(sortKey): no word SIZE"),
        ("query A { shop @nothing(key: 1) { name } }", "QueryRoot.shop: no directive @nothing"),
        ("query A { shop { ...B } } fragment B on Order { id }", "Shop: fragment on Order"),
    ],
)
def test_the_check_finds_what_is_wrong(text: str, fault: str, sdl: Path) -> None:
    assert fault in faults(parsed(text), sdl)


@pytest.mark.parametrize(
    "text", ["", "query A {", "query A { ...B }", "query A { a } query B { b }", "subscribe A { a }"]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- any text
        parsed(text)


def test_what_is_sent_with_a_mutation_is_checked_as_well(sdl: Path) -> None:
    good = {
        "name": "available",
        "reason": "correction",
        "quantities": [{"inventoryItemId": "x", "locationId": "y", "quantity": 1}],
    }
    assert input_faults(good, "InventorySetQuantitiesInput!", sdl) == []
    bad = {"name": "available", "quantities": [{"inventoryItemId": "x", "compareQuantity": 1}]}
    assert input_faults(bad, "InventorySetQuantitiesInput!", sdl) == [
        "InventorySetQuantitiesInput: needs reason",
        "InventoryQuantityInput: no field compareQuantity",
        "InventoryQuantityInput: needs locationId",
        "InventoryQuantityInput: needs quantity",
    ]
