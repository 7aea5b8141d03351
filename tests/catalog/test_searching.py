"""SKUs are found by the beginning of their code, by words of their name, and by barcode, however many there are."""

from collections.abc import Collection

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Barcode, Sku, SkuWord
from colisage.catalog.queries import kits_page, pages, searching, skus_matching
from colisage.inventory.queries.browser import Filters, stock_page
from colisage.inventory.queries.channels import published_page
from colisage.kit.walls import behind_the_wall
from tests.cast import World

pytestmark = pytest.mark.django_db
FOUND = {
    "mug": ["MUG"],
    "gres mug": ["MUG"],
    "BLEU grè": ["MUG"],
    "mu": ["MUG"],
    "ug": [],
    "atelier": ["LAMPE"],
    "d'at": ["LAMPE"],
    "edredon": ["PLUME"],
    "Édredon, de plume!": ["PLUME"],
    "mug lampe": [],
    "c": ["CARTE", "COFFRET", "TAPIS"],
    "%": [],
    "_": [],
    "\\": [],
}


def _everywhere(world: World, text: str) -> list[list[str]]:
    ids = [world.tilleul.pk]
    return [
        [shown.sku.code for shown in pages.catalogue_page(ids, text=text)],
        [sku.code for sku in skus_matching(ids, text=text)],
        [row.code for row in stock_page(ids, filters=Filters(text=text))],
        [row.code for row in published_page(world.tilleul.pk, text=text)],
    ]


@pytest.mark.parametrize("many", [0, 2_000])
@pytest.mark.parametrize("text", FOUND)
def test_every_list_finds_the_same_whether_a_text_names_few_or_many(
    world: World, monkeypatch: pytest.MonkeyPatch, text: str, many: int
) -> None:
    monkeypatch.setattr(searching, "MANY", many)
    assert _everywhere(world, text) == [FOUND[text]] * 4


def test_a_barcode_finds_its_sku_and_a_kit_is_found_by_its_name(world: World) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("TAPIS"), code="4006381333931")
    Sku.objects.filter(code="LAMPE").update(kind="kit")
    assert _everywhere(world, "4006381333931") == [["TAPIS"]] * 4
    assert [kit.code for kit in kits_page([world.tilleul.pk], text="atel")] == ["LAMPE"]
    assert kits_page([world.tilleul.pk], text="mug") == []


def test_the_words_follow_the_name_and_end_with_the_sku(world: World) -> None:
    def words() -> Collection[str]:
        return sorted(SkuWord.objects.filter(sku=pk).values_list("word", flat=True))

    sku = Sku.objects.create(merchant=world.tilleul, code="X", name="Thé « Œuf d’or » 12-XL, l’été – ½ thé")
    pk = sku.pk
    assert words() == ["1", "12", "2", "d", "ete", "l", "oeuf", "or", "the", "xl"]
    Sku.objects.filter(pk=sku.pk).update(name="Thé vert")
    assert words() == ["the", "vert"]
    Sku.objects.filter(pk=sku.pk).update(name="")
    assert words() == []
    Sku.objects.filter(pk=sku.pk).update(name="Thé noir", active=False)
    assert words() == ["noir", "the"]
    sku.delete()
    assert words() == []


def test_the_words_of_another_merchant_are_behind_the_wall(world: World) -> None:
    Sku.objects.create(merchant=world.northwind, code="THEIRS", name="Secret lamp")
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[]):
        assert set(SkuWord.objects.values_list("merchant_id", flat=True)) == {world.tilleul.pk}
        assert skus_matching([world.tilleul.pk, world.northwind.pk], text="secret") == []


def test_a_page_goes_on_where_the_last_ended(world: World) -> None:
    Sku.objects.bulk_create(Sku(merchant=world.tilleul, code=f"Z{n:02}", name=f"Bol {n}") for n in range(9))
    Sku.objects.bulk_create(Sku(merchant=world.tilleul, code=f"BOL{n:02}", name="Plat") for n in range(9))
    found, after = list[str](), ("", 0)
    while page := stock_page([world.tilleul.pk], filters=Filters(text="bol"), after=after, size=4)[:4]:
        found += [row.code for row in page]
        after = page[-1].key, page[-1].id
    assert found == [*(f"BOL{n:02}" for n in range(9)), *(f"Z{n:02}" for n in range(9))]


def test_a_text_is_looked_up_in_an_index_behind_the_wall(world: World) -> None:
    Sku.objects.bulk_create(Sku(merchant=world.tilleul, code=f"B{n:04}", name=f"Bol {n}") for n in range(2_000))
    with connection.cursor() as db:
        db.execute("ANALYZE catalog_sku, catalog_skuword")
    with behind_the_wall(merchants=[world.tilleul.pk], operators=[]):
        for rows in (
            Sku.objects.filter(merchant=world.tilleul, code_key__begins="MU"),
            SkuWord.objects.filter(merchant=world.tilleul, word__begins="mu"),
        ):
            conditions = [line for line in rows.explain().splitlines() if "Index Cond" in line]
            assert any("< 'MV'" in line or "< 'mv'" in line for line in conditions), conditions


def test_a_text_asks_as_often_for_many_as_for_few(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            _everywhere(world, "bol")
        return len(caught)

    Sku.objects.create(merchant=world.tilleul, code="B", name="Bol")
    few = asked()
    Sku.objects.bulk_create(Sku(merchant=world.tilleul, code=f"B{n:04}", name=f"Bol {n}") for n in range(2_100))
    assert asked() == few
