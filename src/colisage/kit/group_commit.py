"""Group commit: requests that wait together are written together, and each is answered after the commit."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Job = TypeVar("Job")
Reply = TypeVar("Reply")
_Group: TypeAlias = list[tuple[Job, "asyncio.Future[Reply]"]]


@dataclass(frozen=True, slots=True)
class _Failed:
    """What a job failed with, in the place of its reply."""

    error: BaseException


class GroupCommit(Generic[Job, Reply]):
    """Collect jobs while the last group is being written; write them as the next group.

    `write` takes a group, runs one transaction and gives a reply for each job; it runs in one of `writers` threads.
    Nothing waits for a timer: a lone job is written at once. More than a few writers gain nothing and contend for
    the same rows. When a group fails it is halved, so that one bad job cannot take others with it.
    """

    def __init__(self, write: Callable[[Sequence[Job]], Sequence[Reply]], *, most: int = 256, writers: int = 1) -> None:
        self._write = write
        self._most = most
        self._writers = writers
        self._waiting: _Group[Job, Reply] = []
        self._busy = 0
        self._threads = ThreadPoolExecutor(max_workers=writers, thread_name_prefix="group-commit")

    async def submit(self, job: Job) -> Reply:
        """Give the reply to a job once its group is committed."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        self._start()
        return await future

    def _start(self) -> None:
        while self._waiting and self._busy < self._writers:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._busy += 1
            self._threads.submit(self._write_group, group, asyncio.get_running_loop())

    def _write_group(self, group: "_Group[Job, Reply]", loop: asyncio.AbstractEventLoop) -> None:
        """Write a group, in a thread of a writer; the loop hears once of all replies."""
        replies = self._replies([job for job, _ in group])
        loop.call_soon_threadsafe(self._answer, group, replies)

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

    def _answer(self, group: "_Group[Job, Reply]", replies: "list[Reply | _Failed]") -> None:
        self._busy -= 1
        self._start()  # those that wait are written while these are answered
        for (_, future), reply in zip(group, replies, strict=True):
            if future.cancelled():
                continue
            if isinstance(reply, _Failed):
                future.set_exception(reply.error)
            else:
                future.set_result(reply)
