import base64
import csv
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colisage.tracking.models import Status
from colisage.tracking.queries import SENTENCES
from colisage.tracking.rules import (
    LAPOSTE,
    RANK,
    Told,
    Unsigned,
    laposte,
    reached,
    signature,
    stage_of,
    standing,
    verified,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECRET = b"a secret of the carrier"


def at(hours: float, status: str) -> Told:
    return Told(status, "", "", NOON + timedelta(hours=hours))


def test_a_late_scan_never_undoes_a_delivery() -> None:
    for events in permutations(
        [at(0, "picked_up"), at(1, "out_for_delivery"), at(2, "delivered"), at(3, "in_transit")]
    ):
        found = standing(events)
        assert found is not None
        assert found.status == "delivered"


def test_the_latest_counts_among_those_on_the_road() -> None:
    found = standing([at(3, "in_transit"), at(0, "picked_up"), at(2, "out_for_delivery")])
    assert found is not None
    assert found.status == "in_transit"


def test_on_its_way_back_only_the_arrival_counts() -> None:
    back = standing([at(1, "returning"), at(2, "in_transit")])
    home = standing([at(1, "returning"), at(2, "in_transit"), at(3, "returned")])
    assert back is not None
    assert home is not None
    assert (back.status, home.status) == ("returning", "returned")


def test_what_is_not_understood_or_merely_announced_changes_nothing() -> None:
    found = standing([at(1, "in_transit"), at(2, "unknown"), at(3, "pending")])
    assert found is not None
    assert found.status == "in_transit"
    assert standing([]) is None
    assert standing([at(0, "unknown")]) is None


EVENTS = st.lists(st.builds(at, st.integers(0, 5), st.sampled_from(sorted(RANK))), max_size=8)


@given(EVENTS, st.randoms())
def test_order_and_repetition_never_matter(events: list[Told], random: object) -> None:
    shuffled = [*events, *events]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert standing(shuffled) == standing(events)


@given(EVENTS, st.builds(at, st.integers(0, 9), st.sampled_from(sorted(RANK))))
def test_nothing_that_comes_undoes_an_end(events: list[Told], more: Told) -> None:
    before, after = standing(events), standing([*events, more])
    if before and before.status in {"delivered", "returned"}:
        assert after is not None
        assert after.status in {"delivered", "returned"}


def test_a_part_is_delivered_when_all_its_parcels_are() -> None:
    assert stage_of(["delivered", "delivered"]) == "delivered"
    assert stage_of(["delivered", "in_transit"]) == "handed_over"
    assert stage_of(["delivered", "failed"]) == "problem"
    assert stage_of([]) is None


def test_the_strip_goes_as_far_as_was_ever_told() -> None:
    assert reached("delayed", told=["picked_up", "in_transit"]) == 3
    assert reached("pending", told=[]) == 1
    assert reached("ready_for_pickup", told=[]) == 3


def test_the_vocabulary_is_one_everywhere() -> None:
    assert set(RANK) == set(Status.values) == set(SENTENCES)
    assert {status for status, _ in LAPOSTE.values()} <= set(RANK)


def test_a_code_nobody_knows_is_unknown_and_no_guess() -> None:
    assert laposte("XX9") == ("unknown", "")
    assert laposte(" di1 ") == ("delivered", "")


@pytest.mark.shared
def test_every_published_code_of_la_poste_is_mapped(shared: Path) -> None:
    with (shared / "data" / "tariffs" / "laposte_suivi_v2_event_codes.csv").open(encoding="utf-8", newline="") as file:
        assert {row["code"] for row in csv.DictReader(file)} == set(LAPOSTE)


def headers(body: bytes, *, name: str = "msg_1", when: datetime = NOON, secret: bytes = SECRET) -> dict[str, str]:
    stamp = int(when.timestamp())
    return {
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,AAAA {signature(secret, message_id=name, timestamp=stamp, body=body)}",
    }


def test_a_signed_message_is_taken_under_any_secret_in_force() -> None:
    assert verified(headers(b"{}"), b"{}", secrets=[b"the new one", SECRET], now=NOON) == "msg_1"


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_an_old_message_or_one_from_the_future_is_refused(minutes: int) -> None:
    with pytest.raises(Unsigned):
        verified(headers(b"{}"), b"{}", secrets=[SECRET], now=NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "²"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "é"},
    ],
)
def test_what_is_not_signed_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(Unsigned):
        verified({**headers(b"{}"), **change}, b"{}", secrets=[SECRET], now=NOON)


def test_a_changed_body_is_refused() -> None:
    with pytest.raises(Unsigned):
        verified(headers(b"{}"), b"{ }", secrets=[SECRET], now=NOON)


def test_the_vector_of_the_specification_verifies() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(
        secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
