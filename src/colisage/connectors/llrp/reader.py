"""RAIN RFID readers over LLRP, by llrpkit. Called by workers only: it waits for the network."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final, TypeVar

from django.utils.translation import gettext_noop as _

from colisage.inventory.ports import ReaderSilent, Saying

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 5.0
GRACE_SECONDS: Final = 10.0  # beyond the time of the read: then the reader is given up, whatever it does
MOST_REPORTS: Final = 200_000

T = TypeVar("T")


class LlrpReader:
    """Fills `inventory.ports.TagReaderPort`: one that is off, slow or hangs up is `ReaderSilent`, with a reason."""

    def ask(self, host: str, *, port: int) -> Saying:
        """Give the model, firmware and number of antennas that a reader tells."""
        return _run(_ask(host, port), seconds=CONNECT_SECONDS + ANSWER_SECONDS)

    def read(self, host: str, *, port: int, seconds: float) -> Sequence[str]:
        """Give the EPCs that a reader sees within some seconds, in hex, as often as it sees them."""
        return _run(_read(host, port, seconds), seconds=CONNECT_SECONDS + seconds + GRACE_SECONDS)


async def _ask(host: str, port: int) -> Saying:
    from llrpkit import Reader  # noqa: PLC0415 -- workers only

    async with Reader(host, port, response_timeout=ANSWER_SECONDS, connect_timeout=CONNECT_SECONDS) as reader:
        told = reader.capabilities
        return Saying(
            _("model %(model)s, firmware %(firmware)s, antennas: %(antennas)s"),
            {"model": str(told.model_number), "firmware": str(told.firmware), "antennas": str(told.max_antennas)},
        )


async def _read(host: str, port: int, seconds: float) -> list[str]:
    from llrpkit import Reader  # noqa: PLC0415

    seen: list[str] = []
    async with Reader(host, port, response_timeout=ANSWER_SECONDS, connect_timeout=CONNECT_SECONDS) as reader:
        async for tag in reader.inventory(duration=seconds, max_tags=MOST_REPORTS):
            seen.append(tag.epc_hex)  # noqa: PERF401 -- what was seen until a reader hangs up is not the whole shelf
    return seen


def _run(work: Coroutine[Any, Any, T], *, seconds: float) -> T:
    """Run a conversation to its end, or give it up in time."""
    from llrpkit.exceptions import LLRPConnectionError, LLRPError, LLRPTimeoutError  # noqa: PLC0415

    try:
        return asyncio.run(asyncio.wait_for(work, seconds))
    except (TimeoutError, LLRPTimeoutError) as error:
        raise ReaderSilent(Saying(_("It did not answer in time."))) from error
    except LLRPConnectionError as error:
        raise ReaderSilent(Saying(_("No connection: it is off, elsewhere, or busy with another program."))) from error
    except UnicodeError as error:  # a name that no network can have, such as "reader..local"
        raise ReaderSilent(Saying(_("There is no such address in your network."))) from error
    except (LLRPError, OSError, EOFError) as error:
        raise ReaderSilent(Saying(_("The connection was lost."), detail=f"{type(error).__name__}: {error}")) from error
