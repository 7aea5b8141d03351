import asyncio
import threading
from collections.abc import Sequence

import pytest

from colisage.kit.group_commit import GroupCommit


class Book:
    """Write down groups; fail on jobs below zero; hold the first group until told."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun = threading.Condition()
        self.go = threading.Event()

    async def has_begun(self, groups: int = 1) -> None:
        def wait() -> None:
            with self.begun:
                assert self.begun.wait_for(lambda: len(self.groups) >= groups, 5)

        await asyncio.to_thread(wait)

    def write(self, jobs: Sequence[int]) -> list[int]:
        with self.begun:
            self.groups.append(list(jobs))
            self.begun.notify_all()
        assert self.go.wait(5)
        if any(job < 0 for job in jobs):
            raise ValueError(jobs)
        return [job * 10 for job in jobs]


def _submit(book: Book, jobs: Sequence[int], *, most: int = 256, writers: int = 1) -> list[int | BaseException]:
    async def run() -> list[int | BaseException]:
        group = GroupCommit(book.write, most=most, writers=writers)
        asked = [asyncio.ensure_future(group.submit(job)) for job in jobs]
        await book.has_begun()
        book.go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(run())


def test_a_lone_job_is_written_at_once() -> None:
    book = Book()
    assert _submit(book, [7]) == [70]
    assert book.groups == [[7]]


def test_jobs_that_wait_together_are_written_together_and_each_gets_its_own_reply() -> None:
    book = Book()
    assert _submit(book, range(50)) == [n * 10 for n in range(50)]
    assert book.groups == [[0], list(range(1, 50))]


def test_a_group_is_never_larger_than_most() -> None:
    book = Book()
    _submit(book, range(20), most=6)
    assert max(map(len, book.groups)) == 6
    assert [job for group in book.groups for job in group] == list(range(20))


def test_one_bad_job_takes_no_other_with_it() -> None:
    book = Book()
    replies = _submit(book, [0, 1, 2, -3, 4, 5])
    assert [r for r in replies if not isinstance(r, ValueError)] == [0, 10, 20, 40, 50]
    assert isinstance(replies[3], ValueError)


def test_no_more_groups_are_written_at_a_time_than_there_are_writers() -> None:
    book = Book()
    busy: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def write(jobs: Sequence[int]) -> list[int]:
        with lock:
            busy.append(1)
            most.append(len(busy))
        replies = book.write(jobs)
        with lock:
            busy.pop()
        return replies

    async def run() -> list[int]:
        group = GroupCommit(write, most=1, writers=2)
        asked = [asyncio.ensure_future(group.submit(job)) for job in range(9)]
        await book.has_begun(groups=2)
        book.go.set()
        return list(await asyncio.gather(*asked))

    assert asyncio.run(run()) == [n * 10 for n in range(9)]
    assert max(most) == 2


def test_someone_who_went_away_stops_nobody() -> None:
    book = Book()

    async def run() -> int:
        group = GroupCommit(book.write)
        gone = asyncio.ensure_future(group.submit(1))
        stays = asyncio.ensure_future(group.submit(2))
        await book.has_begun()
        gone.cancel()
        book.go.set()
        return await stays

    assert asyncio.run(run()) == 20


def test_a_loop_that_ended_before_the_answer_stops_nobody() -> None:
    book = Book()
    group = GroupCommit(book.write)

    async def go_away() -> None:
        gone = asyncio.ensure_future(group.submit(1))
        await book.has_begun()
        gone.cancel()

    asyncio.run(go_away())
    book.go.set()
    assert asyncio.run(asyncio.wait_for(group.submit(2), 3)) == 20


def test_a_writer_that_answers_too_few_fails_the_jobs_instead_of_mixing_them_up() -> None:
    async def run() -> None:
        group = GroupCommit[int, int](lambda _: [])
        await group.submit(1)

    with pytest.raises(ValueError, match="0 replies to 1 jobs"):
        asyncio.run(asyncio.wait_for(run(), 3))
