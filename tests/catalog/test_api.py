"""The catalogue, the nodes and the channels over the API."""

from colisage.catalog.models import Barcode, Sku
from colisage.network.models import Channel
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]


def test_skus_are_listed_by_code_and_found_by_code_in_any_case(world: World, program: Make) -> None:
    ask = program("products:read")
    assert [one["code"] for one in ask.every("skus", limit=2)] == sorted(world.skus)
    one = ask.read("skus/code/coffret")
    assert one == ask.read(f"skus/{world.sku('COFFRET').pk}")
    assert (one["kind"], one["price_cents"], one["currency"], one["grams"]) == ("bundle", 2100, "EUR", None)
    assert sorted((part["sku"], part["quantity"]) for part in one["recipe"]) == [("CARTE", 2), ("MUG", 1)]
    assert len(ask.read("skus/code/MUG")["barcodes"]) == 1


def test_skus_are_narrowed(world: World, program: Make) -> None:
    Sku.objects.filter(pk=world.sku("MUG").pk).update(active=False, product="Mugs")
    barcode = Barcode.objects.get(sku=world.sku("TAPIS")).code
    ask = program("products:read")
    for query, found in (
        ({"active": "false"}, ["MUG"]),
        ({"product": "Mugs"}, ["MUG"]),
        ({"kind": "bundle"}, ["COFFRET"]),
        ({"barcode": barcode}, ["TAPIS"]),
        ({"code": "plume"}, ["PLUME"]),
    ):
        assert [one["code"] for one in ask.read("skus", **query)["items"]] == found, query


def test_a_stranger_has_skus_of_the_same_codes_and_sees_only_those(world: World, stranger: Make) -> None:
    ask = stranger("products:read", "network:read")
    assert ask.read("skus/code/MUG")["id"] == world.northwind_skus["MUG"].pk
    assert code_of(ask.get(f"skus/{world.sku('MUG').pk}")) == (404, "not_there")
    assert [one["code"] for one in ask.read("nodes")["items"]] == ["MTL"]
    assert [one["id"] for one in ask.read("channels")["items"]] == [world.northwind_channel.pk]


def test_nodes_and_channels_are_told(world: World, program: Make) -> None:
    Channel.objects.filter(pk=world.channel.pk).update(active=False, buffer=2)
    ask = program("network:read")
    assert [(one["code"], one["rank"], one["cutoff"]) for one in ask.read("nodes")["items"]] == [
        ("LYON", 1, "16:00"),
        ("MTL", 2, "16:00"),
    ]
    [channel] = ask.read("channels")["items"]
    assert (channel["code"], channel["buffer"], channel["active"]) == ("shop", 2, False)
    assert code_of(program("products:read").get("nodes")) == (401, "unauthorized")


def test_a_page_of_skus_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    ask = program("products:read")
    assert len(ask.read("skus")["items"]) == 6
    assert statements(lambda: ask.read("skus", limit=1)) == statements(lambda: ask.read("skus"))


def test_codes_that_nothing_can_have_are_not_there(program: Make) -> None:
    assert code_of(program("products:read").get("skus/code/a%00")) == (404, "not_there")
    assert code_of(program("products:read").get("skus", code="a\x00")) == (422, "malformed")
