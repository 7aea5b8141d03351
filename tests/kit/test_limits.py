"""How many requests a sender may make: at once, over time, and over several processes."""

import threading

import pytest
import time_machine
from django.utils.translation import override

from colisage.kit.limits import Meter, TooMany
from colisage.kit.models import Use


def test_after_a_burst_tokens_come_back_at_the_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("colisage.kit.limits.time.monotonic", lambda: clock[0])
    meter = Meter(per_second=2, burst=3)
    assert [meter.take("a") for _ in range(3)] == [0, 0, 0]
    assert meter.take("a") == pytest.approx(0.5)
    assert meter.take("b") == 0  # another's are its own
    clock[0] += 0.5
    assert [meter.take("a") > 0 for _ in range(2)] == [False, True]
    clock[0] += 1_000
    assert [meter.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_threads_together_take_no_more_than_there_is() -> None:
    meter = Meter(per_second=0.001, burst=500)
    given: list[int] = []

    def work() -> None:
        given.append(sum(meter.take("a") == 0 for _ in range(200)))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(given) == 500


@pytest.mark.django_db
def test_processes_keep_to_the_rate_together() -> None:
    with time_machine.travel(1_000_000_000.0, tick=False):
        one, other = (Meter(per_second=0.001, burst=10) for _ in range(2))
        for _ in range(6):
            assert one.take("key:1") == 0
            assert other.take("key:1") == 0
        for meter in (one, other, one):
            meter.share("key:1")
        assert Use.objects.get(owner="key:1").used == 12
        assert one.take("key:1") > 0
        assert other.take("key:1") > 0


@pytest.mark.django_db
def test_what_others_gave_is_taken_once() -> None:
    with time_machine.travel(1_000_000_000.0, tick=False):
        one, other = (Meter(per_second=0.001, burst=10) for _ in range(2))
        other.take("key:1")
        other.share("key:1")
        one.take("key:1")
        for _ in range(5):
            one.share("key:1")
        assert [one.take("key:1") for _ in range(8)] == [0] * 8
        assert one.take("key:1") > 0


@pytest.mark.django_db
def test_a_refusal_says_how_long_to_wait() -> None:
    meter = Meter(per_second=0.1, burst=1)
    meter.pass_or_refuse("key:1")
    with pytest.raises(TooMany) as refused:
        meter.pass_or_refuse("key:1")
    assert refused.value.retry_after in {9, 10}


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        ("en", 0.2, "Wait 1 second, then"), ("en", 2, "Wait 2 seconds, then"),
        ("fr", 0.2, "Attendez 1 seconde, puis"), ("fr", 2, "Attendez 2 secondes, puis"),
    ],
)  # fmt: skip
def test_how_long_to_wait_is_said_in_the_right_number(language: str, seconds: float, said: str) -> None:
    with override(language):
        assert said in str(TooMany(seconds))
