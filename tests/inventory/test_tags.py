"""RFID: tags beside the books of their bin. Nothing is booked by a read."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.catalog.models import Barcode
from colisage.inventory.actions.ask_reader import ask_reader
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.give_up_reads import give_up_reads
from colisage.inventory.actions.hear_reader import hear_reader, hear_tags
from colisage.inventory.actions.post_movements import Spot, post_movements
from colisage.inventory.actions.record_tag_read import record_tag_read
from colisage.inventory.actions.save_tag_reader import ReaderNameTaken, save_tag_reader
from colisage.inventory.actions.settle_tag_read import settle_tag_read
from colisage.inventory.models import CountTask, Lot, StockMovement, TagRead, TagReader, TagReadLine
from colisage.inventory.ports import ReaderSilent, Saying
from colisage.inventory.queries.tags import expected_in
from colisage.inventory.rules.tags import (
    MOST_TAGS,
    Goods,
    NoTags,
    NothingDiffers,
    ReadIsOver,
    Tag,
    TooManyTags,
    compare,
    split_tags,
)
from colisage.inventory.tasks import reads_cut_off
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from colisage.kit.gs1.digits import check_digit
from colisage.kit.gs1.epc import sgtin, sscc_epc
from tests.books import move, virtual, where
from tests.cast import World
from tests.desk.test_pages import client_of

GTIN = "4006381333931"
BODY = "34000000000000001"  # of an SSCC, without its check digit
FOREIGN = "3074257BF7194E4000001A85"  # of GS1's own example company


def tag(serial: int | str, *, gtin: str = GTIN) -> str:
    return sgtin(gtin, serial=str(serial), prefix_length=7).hex()


@pytest.fixture
def tagged(balanced: World) -> World:
    """Give the MUG a GTIN; 20 of them lie in a bin."""
    Barcode.objects.filter(sku=balanced.sku("MUG")).update(code=GTIN)
    return balanced


def read(world: World, epcs: list[str], **changes: Any) -> TagRead:
    facts: dict[str, Any] = {
        "node_id": world.lyon.pk, "place_id": where(world.sku("MUG"), world.lyon).place_id, "epcs": epcs,
        "merchant_ids": [world.tilleul.pk], "actor": SYSTEM, **changes,
    }  # fmt: skip
    return TagRead.objects.get(pk=record_tag_read(world.nord.pk, **facts))


def lines(found: TagRead) -> list[tuple[str, str, int, int]]:
    rows = TagReadLine.objects.filter(read=found).order_by("sku__code", "serial")
    return list(rows.values_list("sku__code", "serial", "expected", "seen"))


def test_a_tag_counts_once_however_it_is_written(tagged: World) -> None:
    first = tag(1)
    found = read(tagged, [first, first.lower(), "urn:epc:id:sgtin:4006381.033393.1", *(tag(n) for n in range(2, 19))])
    assert lines(found) == [("MUG", "", 20, 18)]
    assert (found.tags, found.twice, found.foreign) == (18, 2, 0)


def test_what_is_nobodys_goods_here_is_listed_and_never_compared(tagged: World) -> None:
    before = StockMovement.objects.count()
    pallet = sscc_epc(f"{BODY}{check_digit(BODY)}", prefix_length=7).hex()
    found = read(tagged, [*(tag(n) for n in range(20)), FOREIGN, pallet, "E2000017010B016210000002", "nonsense-1"])
    assert lines(found) == [("MUG", "", 20, 20)]
    assert (found.foreign, found.units, found.unreadable) == (1, 1, 2)
    assert {(text, standing) for text, standing, _name in found.strangers} == {
        (FOREIGN, "unknown"), (pallet, "unit"), ("E2000017010B016210000002", "unreadable"),
        ("nonsense-1", "unreadable"),
    }  # fmt: skip
    assert StockMovement.objects.count() == before


def test_goods_that_the_books_do_not_have_there_are_too_many(tagged: World) -> None:
    Barcode.objects.filter(sku=tagged.sku("CARTE")).update(code="4006381333948")
    found = read(tagged, [*(tag(n) for n in range(20)), tag(7, gtin="4006381333948")])
    assert lines(found) == [("CARTE", "", 0, 1), ("MUG", "", 20, 20)]


def test_serials_are_compared_one_by_one(tagged: World) -> None:
    sku, spot = tagged.sku("LAMPE"), tagged.bins()[9]
    Barcode.objects.filter(sku=sku).update(code="4006381333948")
    for code in ("11", "12"):
        lot = Lot.objects.create(merchant=tagged.tilleul, sku=sku, code=code, is_serial=True)
        there = Spot(place_id=spot.pk, lot_id=lot.pk)
        source = Spot(place_id=virtual("supplier").place_id, lot_id=lot.pk)
        post_movements([move(sku, 1, source=source, target=there)], actor=SYSTEM)
    found = read(tagged, [tag(n, gtin="4006381333948") for n in (12, 13)], place_id=spot.pk)
    assert lines(found) == [("LAMPE", "11", 1, 0), ("LAMPE", "12", 1, 1), ("LAMPE", "13", 0, 1)]


def test_a_difference_is_counted_by_a_person_before_anything_is_booked(tagged: World) -> None:
    before = StockMovement.objects.count()
    found = read(tagged, [tag(n) for n in range(18)])
    count = settle_tag_read(tagged.nord.pk, read_id=found.pk, count=True, actor=SYSTEM)
    task = CountTask.objects.get(count_id=count)
    assert (task.place_id, task.state, task.why) == (found.place_id, "open", "tags")
    assert StockMovement.objects.count() == before
    with pytest.raises(ReadIsOver):
        settle_tag_read(tagged.nord.pk, read_id=found.pk, count=False, actor=SYSTEM)


def test_a_read_that_agrees_asks_for_no_count(tagged: World) -> None:
    found = read(tagged, [tag(n) for n in range(20)])
    with pytest.raises(NothingDiffers):
        settle_tag_read(tagged.nord.pk, read_id=found.pk, count=True, actor=SYSTEM)
    assert settle_tag_read(tagged.nord.pk, read_id=found.pk, count=False, actor=SYSTEM) is None
    with pytest.raises(NotThere):
        settle_tag_read(tagged.boreal.pk, read_id=found.pk, count=False, actor=SYSTEM)


def test_a_bin_that_waits_for_a_count_already_is_counted_by_that_one(tagged: World) -> None:
    found = read(tagged, [tag(n) for n in range(18)])
    waits = count_bins(tagged.nord.pk, node_id=found.node_id, bins=[(found.place_id, "hand")], actor=SYSTEM)
    assert settle_tag_read(tagged.nord.pk, read_id=found.pk, count=True, actor=SYSTEM) == waits
    found.refresh_from_db()
    assert (found.state, found.count_id) == ("counting", waits)
    assert CountTask.objects.count() == 1


def test_ten_thousand_tags_are_compared_in_as_many_statements_as_ten(tagged: World) -> None:
    counts = []
    for many in (10, 10_000):
        with CaptureQueriesContext(connection) as queries:
            found = read(tagged, [tag(n) for n in range(many)])
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert lines(found) == [("MUG", "", 20, 10_000)]


def test_a_bin_of_another_operator_is_not_read(tagged: World) -> None:
    with pytest.raises(NotThere):
        read(tagged, [tag(1)], node_id=tagged.montreal.pk)
    with pytest.raises(NotThere):
        read(tagged, [tag(1)], place_id=tagged.bins(tagged.montreal)[0].pk)
    with pytest.raises(TooManyTags):
        read(tagged, [tag(1)] * (MOST_TAGS + 1))
    assert not TagRead.objects.exists()


def test_a_gtin_that_merchants_share_is_that_of_whose_goods_lie_there() -> None:
    shared = Tag("x", "known", ((1, 10, 1), (2, 20, 1)))
    assert compare({Goods(20, 2): 3}, tags=[shared]).lines == {Goods(20, 2): (3, 1)}
    nobody = compare({}, tags=[shared])
    assert (nobody.lines, nobody.counts["unknown"]) == ({}, 1)


@pytest.mark.parametrize("text", ["", " \n ", "abc", ",;,"])
def test_a_text_without_tags_is_refused(text: str) -> None:
    with pytest.raises(NoTags):
        split_tags(text)


class Silent:
    def ask(self, host: str, *, port: int) -> str:
        raise ReaderSilent(Saying("The connection was lost.", detail=f"ConnectionResetError: {host} hung up"))

    def read(self, host: str, *, port: int, seconds: float) -> list[str]:
        raise ReaderSilent(Saying("The connection was lost.", detail=f"ConnectionResetError: {host} hung up"))


def test_a_silent_reader_is_an_ordinary_state(tagged: World, settings: Any) -> None:
    settings.COLISAGE_TAG_READERS = {"llrp": "tests.inventory.test_tags.Silent"}
    reader = save_tag_reader(
        tagged.nord.pk, node_id=tagged.lyon.pk, name="Gate", host="10.0.0.9", port=5084, place_code="", actor=SYSTEM
    )
    with pytest.raises(ReaderNameTaken):
        save_tag_reader(
            tagged.nord.pk, node_id=tagged.lyon.pk, name="Gate", host="x", port=1, place_code="", actor=SYSTEM
        )
    hear_reader(reader)
    assert TagReader.objects.values_list("state", flat=True).get() == "silent"
    with pytest.raises(NotThere):
        ask_reader(tagged.nord.pk, reader_id=reader, read=True, actor=SYSTEM)
    asked = ask_reader(tagged.nord.pk, reader_id=reader, read=True, bin_code="a-01-1", actor=SYSTEM)
    hear_tags(asked or 0)
    assert TagRead.objects.values_list("state", flat=True).get() == "failed"
    hear_tags(asked or 0)  # a second hearing changes nothing
    for language, words in (("fr", "La connexion est perdue"), ("en", "The connection was lost")):  # heard by a worker
        desk = client_of(tagged.chen, language=language)
        for page in ("/stock/tags/", f"/stock/tags/{asked}"):
            text = desk.get(page).content.decode()
            shown = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
            assert words in shown
            assert "10.0.0.9 hung up" in text
            assert "hung up" not in shown


def test_a_read_whose_worker_was_killed_ends_and_may_be_asked_again(tagged: World, settings: Any) -> None:
    settings.COLISAGE_TAG_READERS = {"llrp": "tests.inventory.test_tags.Silent"}
    reader = save_tag_reader(
        tagged.nord.pk, node_id=tagged.lyon.pk, name="Gate", host="10.0.0.9", port=5084, place_code="", actor=SYSTEM
    )
    asked = ask_reader(tagged.nord.pk, reader_id=reader, read=True, bin_code="A-01-1", actor=SYSTEM)
    ask_reader(tagged.nord.pk, reader_id=reader, actor=SYSTEM)
    begun = timezone.now()
    assert give_up_reads(now=begun + timedelta(minutes=9)) == 0
    assert TagRead.objects.get().state == "reading"
    TagRead.objects.update(made_at=begun - timedelta(minutes=11))
    TagReader.objects.update(tried_at=begun - timedelta(minutes=11))
    reads_cut_off(timestamp=0)
    assert (TagRead.objects.get().state, TagReader.objects.get().state) == ("failed", "silent")
    for language, words in (("fr", "Interrompu avant la réponse"), ("en", "It was cut off before an answer came")):
        text = client_of(tagged.chen, language=language).get(f"/stock/tags/{asked}").content.decode()
        assert words in text
    record_tag_read(
        tagged.nord.pk, node_id=tagged.lyon.pk, place_id=TagRead.objects.get().place_id, epcs=[tag(1)],
        merchant_ids=[tagged.tilleul.pk], actor=SYSTEM, read_id=asked,
    )  # fmt: skip
    assert (TagRead.objects.get().state, TagReadLine.objects.count()) == ("failed", 0)  # a late answer is not kept
    assert ask_reader(tagged.nord.pk, reader_id=reader, read=True, bin_code="A-01-1", actor=SYSTEM) != asked


@pytest.mark.parametrize("language", ["fr", "en"])
def test_tags_are_sent_seen_and_handed_to_a_count_on_the_desk(tagged: World, language: str) -> None:
    chen = client_of(tagged.chen, language=language)
    code = next(b.code for b in tagged.bins() if b.pk == where(tagged.sku("MUG"), tagged.lyon).place_id)
    sent = {"bin": code.lower(), "tags": "\n".join([*(tag(n) for n in range(18)), FOREIGN])}
    answer = chen.post("/stock/tags/sent", sent, follow=True)
    text = answer.content.decode()
    assert "MUG" in text
    assert FOREIGN in text
    [found] = TagRead.objects.all()
    assert chen.post(f"/stock/tags/{found.pk}/settle", {"what": "count"}).status_code == 302
    assert TagRead.objects.get().state == "counting"
    assert chen.get("/stock/tags/").status_code == 200


def test_who_may_not_sees_and_changes_nothing(tagged: World) -> None:
    found = read(tagged, [tag(1)])
    dee, bo = client_of(tagged.dee), client_of(tagged.bo)
    assert dee.get(f"/stock/tags/{found.pk}").status_code == 404
    assert dee.post(f"/stock/tags/{found.pk}/settle", {"what": "aside"}).status_code == 404
    assert bo.get(f"/stock/tags/{found.pk}").status_code == 200
    assert bo.post(f"/stock/tags/{found.pk}/settle", {"what": "aside"}).status_code == 404
    assert bo.post("/stock/tags/sent", {"bin": "A-01-1", "tags": tag(1)}).status_code == 403
    assert bo.post("/stock/tags/readers", {"name": "x", "host": "x", "port": 1}).status_code == 403
    assert TagRead.objects.get().state == "read"


@pytest.mark.parametrize("sent", [
    {"bin": "NOWHERE", "tags": FOREIGN}, {"bin": "A-01-1", "tags": ""}, {"bin": "", "tags": FOREIGN},
    {"bin": "A-01-1", "tags": "\x00" * 40}, {"bin": "\x00", "tags": FOREIGN}, {"bin": "x" * 400, "tags": "é" * 400},
])  # fmt: skip
def test_what_cannot_be_tags_is_refused(tagged: World, sent: dict[str, str]) -> None:
    assert client_of(tagged.chen).post("/stock/tags/sent", sent).status_code == 422
    assert not TagRead.objects.exists()


@pytest.mark.parametrize("told", [
    {"host": "http://x/", "port": 5084}, {"host": "a b", "port": 1}, {"host": "x", "port": 0},
    {"host": "x", "port": 70_000}, {"host": "x", "port": "x"}, {"host": "x", "port": 1, "bin": "NOWHERE"},
])  # fmt: skip
def test_a_reader_that_cannot_be_is_refused(tagged: World, told: dict[str, Any]) -> None:
    assert client_of(tagged.chen).post("/stock/tags/readers", {"name": "R", **told}).status_code == 422
    assert not TagReader.objects.exists()


def test_the_books_of_a_bin_are_those_of_the_merchants_asked_for(tagged: World) -> None:
    place = where(tagged.sku("MUG"), tagged.lyon).place_id
    assert expected_in(place, merchant_ids=[tagged.northwind.pk]) == {}
