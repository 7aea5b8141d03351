"""RFID over the API: readers, tags of a bin beside the books, and the count that follows."""

from typing import Any

from colisage.inventory.actions.hear_reader import hear_reader
from colisage.inventory.actions.record_tag_read import record_tag_read
from colisage.inventory.models import CountTask, StockMovement, TagRead, TagReader
from colisage.kit.actors import SYSTEM
from tests.books import where
from tests.cast import World
from tests.inventory.test_tags import FOREIGN, tag, tagged
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger", "tagged"]
MAY = ("stock:read", "stock:write", "epcis:write")
READS, READERS = "stock/tag-reads", "stock/tag-readers"


def tags(world: World, **changes: Any) -> dict[str, Any]:
    place = where(world.sku("MUG"), world.lyon).place_id
    code = next(one.code for one in world.bins() if one.pk == place)
    return {"node": "lyon", "bin": code.lower(), "tags": [*(tag(n) for n in range(18)), tag(1), FOREIGN], **changes}


def reader(**changes: Any) -> dict[str, Any]:
    return {"node": "LYON", "name": "Gate", "host": "10.0.0.9", **changes}


def outcomes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_tags_are_compared_with_the_books_and_the_bin_is_counted(tagged: World, program: Make) -> None:
    ask, before = program(*MAY), StockMovement.objects.count()
    answer = ask.post(READS, tags(tagged), Idempotency_Key="t1")
    assert answer.status_code == 201, answer.content
    assert ask.post(READS, tags(tagged), Idempotency_Key="t1").content == answer.content
    told = answer.json()
    assert (told["state"], told["tags"], told["twice"], told["foreign"]) == ("read", 19, 1, 1)
    assert told["lines"] == [{"sku": "MUG", "serial": "", "expected": 20, "seen": 18}]
    assert [(one["tag"], one["standing"]) for one in told["strangers"]] == [(FOREIGN, "unknown")]
    path = f"{READS}/{told['id']}"
    assert ask.read(path) == told
    assert [one["id"] for one in ask.every(READS, limit=1)] == [told["id"]]
    settled = ask.post(f"{path}/settle", {"verdict": "count"}).json()
    assert (settled["state"], CountTask.objects.get().count_id) == ("counting", settled["count"])
    assert code_of(ask.post(f"{path}/settle", {"verdict": "put_aside"})) == (409, "read_is_over")
    assert StockMovement.objects.count() == before


def test_tags_that_cannot_be_compared_are_refused(tagged: World, program: Make) -> None:
    ask = program(*MAY)
    for change, refused in (
        ({"bin": "NOPE"}, (422, "unknown_bins")),
        ({"bin": "DOCK"}, (422, "unknown_bins")),
        ({"node": "MTL"}, (403, "not_your_floor")),
        ({"node": "NOPE"}, (404, "not_there")),
        ({"tags": ["short"]}, (422, "no_tags")),
        ({"tags": []}, (422, "malformed")),
    ):
        assert code_of(ask.post(READS, tags(tagged, **change))) == refused
    seen = ask.post(READS, tags(tagged, tags=[tag(n) for n in range(20)])).json()["id"]
    assert code_of(ask.post(f"{READS}/{seen}/settle", {"verdict": "count"})) == (409, "nothing_differs")
    assert ask.post(f"{READS}/{seen}/settle", {"verdict": "put_aside"}).json()["state"] == "put_aside"


def test_readers_are_added_each_judged_by_itself_and_asked(tagged: World, program: Make, settings: Any) -> None:
    settings.COLISAGE_TAG_READERS = {"llrp": "tests.inventory.test_tags.Silent"}
    ask = program(*MAY)
    sent = [
        reader(), reader(), reader(name="Shelf", bin="a-01-1"), reader(name="X", bin="NOPE"),
        reader(name="Y", host="http://x/"), reader(name="Z", node="MTL"), reader(name="Q", node="NOPE"),
    ]  # fmt: skip
    answer = ask.post(READERS, {"readers": sent}, Idempotency_Key="r1")
    assert outcomes(answer) == [
        ("saved", ""), ("refused", "reader_name_taken"), ("saved", ""), ("refused", "not_there"),
        ("refused", "not_a_host"), ("refused", "not_your_floor"), ("refused", "not_there"),
    ]  # fmt: skip
    assert ask.post(READERS, {"readers": sent}, Idempotency_Key="r1").content == answer.content
    gate, shelf = ask.read(READERS)["items"]
    assert [(one["name"], one["node"], one["bin"], one["state"], one["port"]) for one in (gate, shelf)] == [
        ("Gate", "LYON", "", "new", 5084), ("Shelf", "LYON", "A-01-1", "new", 5084),
    ]  # fmt: skip
    assert ask.post(f"{READERS}/{gate['id']}/ask", {}).json() == {"outcome": "asked"}
    hear_reader(gate["id"])
    told = ask.read(READERS)["items"][0]
    assert (told["state"], "The connection was lost" in told["told"]) == ("silent", True)
    assert code_of(ask.post(f"{READERS}/{gate['id']}/ask", {"read": True})) == (404, "not_there")
    coming = ask.post(f"{READERS}/{shelf['id']}/ask", {"read": True}).json()
    assert (coming["outcome"], ask.read(f"{READS}/{coming['id']}")["state"]) == ("reading", "reading")
    assert code_of(ask.post(f"{READS}/{coming['id']}/settle", {"verdict": "count"})) == (409, "read_is_over")


def test_strangers_and_readers_see_and_do_nothing(tagged: World, program: Make, stranger: Make) -> None:
    own, ask = program(*MAY), stranger(*MAY)
    made = own.post(READS, tags(tagged)).json()["id"]
    own.post(READERS, {"readers": [reader()]})
    gate = TagReader.objects.get().pk
    assert ask.every(READS) == ask.read(READERS)["items"] == []
    for answer in (
        ask.get(f"{READS}/{made}"), ask.post(f"{READS}/{made}/settle", {"verdict": "count"}),
        ask.post(f"{READERS}/{gate}/ask", {}), ask.post(READS, tags(tagged)),
    ):  # fmt: skip
        assert code_of(answer) == (404, "not_there")
    only = program("stock:read")
    for path, body in (
        (READS, tags(tagged)), (READERS, {"readers": [reader()]}), (f"{READERS}/{gate}/ask", {}),
        (f"{READS}/{made}/settle", {"verdict": "count"}),
    ):  # fmt: skip
        assert code_of(only.post(path, body)) == (401, "unauthorized")
    assert TagRead.objects.get().state == "read"


def test_a_page_of_reads_costs_the_same_whatever_it_holds(tagged: World, program: Make) -> None:
    ask = program(*MAY)
    place = where(tagged.sku("MUG"), tagged.lyon).place_id

    def read() -> None:
        record_tag_read(
            tagged.nord.pk, node_id=tagged.lyon.pk, place_id=place, epcs=[tag(1)], merchant_ids=[tagged.tilleul.pk],
            actor=SYSTEM,
        )  # fmt: skip

    read()
    few = statements(lambda: ask.read(READS))
    read()
    assert statements(lambda: ask.read(READS)) == few
