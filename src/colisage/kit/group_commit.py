"""Group commit: requests that wait together are written together, and each is answered after the commit."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Job = TypeVar("Job")
Reply = TypeVar("Reply")


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
        self._waiting: list[tuple[Job, asyncio.Future[Reply]]] = []
        self._busy = 0
        self._threads = ThreadPoolExecutor(max_workers=writers, thread_name_prefix="group-commit")
        self._tasks: set[asyncio.Task[None]] = set()

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
            task = asyncio.get_running_loop().create_task(self._run(group))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, group: list[tuple[Job, "asyncio.Future[Reply]"]]) -> None:
        try:
            await self._settle(group)
        finally:
            self._busy -= 1
            self._start()

    async def _settle(self, group: list[tuple[Job, "asyncio.Future[Reply]"]]) -> None:
        loop = asyncio.get_running_loop()
        try:
            replies = await loop.run_in_executor(self._threads, self._write, [job for job, _ in group])
        except Exception as error:  # noqa: BLE001 -- any failure goes to the one who asked
            if len(group) == 1:
                if not group[0][1].cancelled():
                    group[0][1].set_exception(error)
                return
            half = len(group) // 2
            await self._settle(group[:half])
            await self._settle(group[half:])
            return
        if len(replies) != len(group):  # committed, but nobody can tell whose reply is whose
            mixed_up = ValueError(f"{len(replies)} replies to {len(group)} jobs")
            for _, future in group:
                if not future.cancelled():
                    future.set_exception(mixed_up)
            return
        for (_, future), reply in zip(group, replies, strict=True):
            if not future.cancelled():
                future.set_result(reply)
