"""Readers over a real socket: llrpkit's emulator, and what only looks like a reader."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from llrpkit.emulator import EmulatedTag, LLRPEmulator
from tests.books import balanced
from tests.cast import World
from tests.inventory.test_tags import FOREIGN, tag, tagged

from colisage.connectors.llrp import reader as llrp
from colisage.connectors.llrp.reader import LlrpReader
from colisage.inventory.actions.ask_reader import ask_reader
from colisage.inventory.actions.hear_reader import hear_reader, hear_tags
from colisage.inventory.actions.save_tag_reader import save_tag_reader
from colisage.inventory.models import TagRead, TagReader, TagReadLine
from colisage.inventory.ports import ReaderSilent, said
from colisage.kit.actors import SYSTEM

__all__ = ["balanced", "tagged"]


@contextmanager
def emulator(*epcs: str, reads_per_second: float = 400.0) -> Iterator[int]:
    """Run a reader with these tags before its antenna; give its port."""
    tags_here = [EmulatedTag(epc=bytes.fromhex(epc)) for epc in epcs]
    ready, over = threading.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with LLRPEmulator(tags=tags_here, reads_per_sec=reads_per_second) as emulated:
            ports.append(emulated.port)
            ready.set()
            while not over.is_set():  # noqa: ASYNC110 -- the event is of another thread
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield ports[0]
    finally:
        over.set()
        thread.join(20)


@contextmanager
def impostor(*, hangs_up: bool) -> Iterator[int]:
    """Run something that takes connections and says nothing, or hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        held: list[socket.socket] = []

        def serve() -> None:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            if hangs_up:
                connection.sendall(b"HTTP/1.0 400 no\r\n\r\n")
                connection.close()
            else:
                held.append(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        for connection in held:
            connection.close()


def test_a_reader_says_what_it_is_and_what_it_sees() -> None:
    with emulator(tag(1), tag(2), FOREIGN) as port:
        assert "700" in said(LlrpReader().ask("127.0.0.1", port=port).kept())
        seen = LlrpReader().read("127.0.0.1", port=port, seconds=1.0)
    assert {epc.upper() for epc in seen} == {tag(1), tag(2), FOREIGN}
    assert len(seen) > 3  # as often as they were seen


def test_a_reader_that_is_off_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ReaderSilent):
        LlrpReader().ask("127.0.0.1", port=port)


@pytest.mark.parametrize("host", ["reader..local", "x" * 70])
def test_an_address_that_cannot_be_is_silent(host: str) -> None:
    with pytest.raises(ReaderSilent, match="no such address"):
        LlrpReader().ask(host, port=5084)


@pytest.mark.parametrize("hangs_up", [True, False])
def test_what_does_not_speak_llrp_is_silent_in_time(monkeypatch: pytest.MonkeyPatch, *, hangs_up: bool) -> None:
    monkeypatch.setattr(llrp, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(llrp, "CONNECT_SECONDS", 1.0)
    began = time.monotonic()
    with impostor(hangs_up=hangs_up) as port, pytest.raises(ReaderSilent):
        LlrpReader().ask("127.0.0.1", port=port)
    assert time.monotonic() - began < 20


def test_a_shelf_is_read_over_the_wire_and_compared(tagged: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("colisage.inventory.actions.hear_reader.READ_SECONDS", 1.5)
    with emulator(*(tag(n) for n in range(5)), FOREIGN) as port:
        reader = save_tag_reader(
            tagged.nord.pk, node_id=tagged.lyon.pk, name="Shelf", host="127.0.0.1", port=port, place_code="A-01-1",
            actor=SYSTEM,
        )  # fmt: skip
        hear_reader(reader)
        assert TagReader.objects.get().state == "ready"
        asked = ask_reader(tagged.nord.pk, reader_id=reader, read=True, actor=SYSTEM)
        hear_tags(asked or 0)
    found = TagRead.objects.get(pk=asked)
    assert (found.state, found.tags, found.foreign) == ("read", 6, 1)
    assert found.twice > 0
    assert TagReadLine.objects.get(sku=tagged.sku("MUG")).seen == 5
