"""Group commit: requests that wait together are written together, and each is answered after the commit."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, NamedTuple, TypeVar

Job = TypeVar("Job")
Reply = TypeVar("Reply")


class _Asked(NamedTuple, Generic[Job, Reply]):
    """A job, and where its reply is waited for."""

    job: Job
    reply: "asyncio.Future[Reply]"


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a job failed with, in the place of its reply."""

    error: BaseException


class GroupCommit(Generic[Job, Reply]):
    """Collect jobs while the last group is being written; write them as the next group.

    `write` takes a group, runs one transaction and gives a reply for each job; it runs in one of `writers` threads,
    which take what waits by themselves: a lone job is written at once, nothing waits for a timer. More than a few
    writers gain nothing and contend for the same rows. When a group fails it is halved, so that one bad job cannot
    take others with it.
    """

    def __init__(self, write: Callable[[Sequence[Job]], Sequence[Reply]], *, most: int = 256, writers: int = 1) -> None:
        self._write = write
        self._most = most
        self._unstarted = [Thread(target=self._work, name=f"group-commit-{n}", daemon=True) for n in range(writers)]
        self._waiting: SimpleQueue[_Asked[Job, Reply]] = SimpleQueue()

    async def submit(self, job: Job) -> Reply:
        """Give the reply to a job once its group is committed."""
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.put(_Asked(job, reply))
        while self._unstarted:
            self._unstarted.pop().start()
        return await reply

    def _work(self) -> None:
        """Write one group after the other, in a thread; the loop hears once of all replies to a group."""
        while True:
            group = list(self._next())
            replies = self._replies([asked.job for asked in group])
            with suppress(RuntimeError):  # of a loop that has ended: nobody waits any more
                group[0].reply.get_loop().call_soon_threadsafe(_answer, group, replies)

    def _next(self) -> Iterator[_Asked[Job, Reply]]:
        """Wait for a job, and give it with those that wait by then."""
        yield self._waiting.get()
        for _ in range(1, self._most):
            try:
                yield self._waiting.get_nowait()
            except Empty:
                return

    def _replies(self, jobs: Sequence[Job]) -> "list[Reply | _Failed]":
        """Give the reply to each job, or what it failed with."""
        try:
            replies = self._write(jobs)
        except BaseException as error:  # noqa: BLE001 -- any failure goes to the one who asked, or all would wait forever
            if len(jobs) == 1:
                return [_Failed(error)]
            half = len(jobs) // 2
            return self._replies(jobs[:half]) + self._replies(jobs[half:])
        if len(replies) != len(jobs):  # committed, but nobody can tell whose reply is whose
            mixed_up = _Failed(ValueError(f"{len(replies)} replies to {len(jobs)} jobs"))
            return [mixed_up for _ in jobs]
        return list(replies)


def _answer(group: Sequence[_Asked[Job, Reply]], replies: "Sequence[Reply | _Failed]") -> None:
    for asked, reply in zip(group, replies, strict=True):
        if asked.reply.cancelled():
            continue
        if isinstance(reply, _Failed):
            asked.reply.set_exception(reply.error)
        else:
            asked.reply.set_result(reply)
