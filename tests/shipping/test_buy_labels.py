import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry, Event
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderHeld
from colisage.orders.queries import parts
from colisage.shipping.actions.ask_again import ask_again
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.claim_shipments import claim_shipments
from colisage.shipping.actions.give_back_labels import give_back_labels
from colisage.shipping.actions.record_labels import Answer, record_labels
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.actions.void_shipments import void_shipments
from colisage.shipping.actions.void_stopped import void_stopped
from colisage.shipping.models import Label, NumberRange, Shipment
from colisage.shipping.ports import Bought
from colisage.shipping.queries import shipment_problems, without_answer
from colisage.shipping.queries.buying import shipments_to_buy
from colisage.shipping.rules import MOST_ATTEMPTS, is_s10
from tests.cast import World
from tests.desk.test_pages import client_of
from tests.shipping.conftest import Packed, shipment
from tests.shipping.fakes import FakeCarrier


def later() -> None:
    """Let the time pass after which an answer is asked for again."""
    Shipment.objects.exclude(asked_at=None).update(asked_at=timezone.now() - timedelta(minutes=2))


def test_without_a_range_the_label_is_made_here_and_is_a_specimen(packed: Packed) -> None:
    [part] = packed((("MUG", 1),))
    assert buy_labels(request_shipments([part])) == 1
    label = Label.objects.get()
    assert label.specimen
    assert is_s10(label.tracking_number)
    assert label.tracking_number.endswith("ZZ")
    assert (shipment(part).state, parts([part])[part].stage) == ("bought", "labelled")
    assert Event.objects.filter(kind="LabelsBought").count() == 1


def test_numbers_come_from_the_range_in_turn_and_are_no_specimens(world: World, packed: Packed) -> None:
    ids = packed((("MUG", 1),), (("CARTE", 1),))
    made = request_shipments(ids)
    NumberRange.objects.create(
        operator=world.nord, carrier_id=shipment(ids[0]).carrier_id or 0, prefix="LP", country="FR", next=41, last=42
    )
    buy_labels(made)
    numbers = sorted(Label.objects.values_list("tracking_number", "specimen"))
    assert [(n[:10], s) for n, s in numbers] == [("LP00000041", False), ("LP00000042", False)]
    assert NumberRange.objects.get().next == 43


def test_a_range_that_runs_out_fails_only_the_last(world: World, packed: Packed) -> None:
    ids = packed((("MUG", 1),), (("CARTE", 1),))
    made = request_shipments(ids)
    NumberRange.objects.create(
        operator=world.nord, carrier_id=shipment(ids[0]).carrier_id or 0, prefix="LP", country="FR", next=42, last=42
    )
    buy_labels(made)
    assert [shipment(pk).state for pk in ids] == ["bought", "failed"]
    assert shipment(ids[1]).problem == "range_used_up"
    assert parts(ids)[ids[1]].stage == "packed"
    order = client_of(world.chen, language="en").get(f"/orders/{shipment(ids[1]).order_id}").content.decode()
    assert "No label: the range of tracking numbers is used up." in order
    assert "range_used_up" not in order


def test_a_carrier_that_fell_silent_is_said_in_words_and_what_a_library_said_is_folded_away(
    world: World, packed: Packed, carrier: FakeCarrier
) -> None:
    carrier.moods = ["down", "refuse"]
    for part in packed((("MUG", 1),), (("CARTE", 1),)):
        buy_labels(request_shipments([part]))
    text = client_of(world.chen, language="fr").get("/shipping/").content.decode()
    shown = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
    [silent] = Shipment.objects.filter(problem="no_answer")
    assert silent.problem_text in text
    assert silent.problem_text not in shown
    assert "Le transporteur dit\xa0: «\xa0no such street\xa0»" in shown


def test_two_boxes_get_two_numbers_on_one_shipment(packed: Packed) -> None:
    [part] = packed((("LAMPE", 2),))
    buy_labels(request_shipments([part]))
    assert shipment(part).parcels == Label.objects.count() == 2
    assert sorted(label.face["parcel"] for label in Label.objects.all()) == ["1/2", "2/2"]


def test_a_carrier_is_asked_once_and_its_numbers_are_kept(packed: Packed, carrier: FakeCarrier) -> None:
    [part] = packed((("MUG", 1),))
    made = request_shipments([part])
    assert buy_labels(made) == 1
    assert buy_labels(made) == 0
    assert len(carrier.bought) == 1
    assert Label.objects.get().tracking_number == "FK00000"
    assert (shipment(part).carrier_ref, shipment(part).state) == ("ref-0", "bought")


def test_a_refusal_sends_the_part_back_and_says_why(world: World, packed: Packed, carrier: FakeCarrier) -> None:
    carrier.moods = ["refuse"]
    [part] = packed((("MUG", 1),))
    buy_labels(request_shipments([part]))
    assert (shipment(part).state, shipment(part).problem_text) == ("failed", "no such street")
    assert parts([part])[part].stage == "packed"
    [stuck] = shipment_problems([world.tilleul.pk], operator_ids=[world.nord.pk])
    asked = ask_again([world.tilleul.pk], operator_ids=[world.nord.pk], shipment_ids=[stuck.pk], actor=SYSTEM)
    assert asked == {stuck.pk: shipment(part).pk}
    buy_labels([shipment(part).pk])
    assert shipment(part).state == "bought"
    assert shipment(part).idempotency_key != stuck.idempotency_key
    assert not shipment_problems([world.tilleul.pk], operator_ids=[world.nord.pk])


def test_an_answer_lost_after_the_sale_is_found_by_its_key_and_nothing_is_bought_twice(
    packed: Packed, carrier: FakeCarrier
) -> None:
    carrier.moods = ["silent"]
    [part] = packed((("MUG", 1),))
    made = request_shipments([part])
    assert buy_labels(made) == 0
    assert (shipment(part).state, parts([part])[part].stage) == ("unknown", "labelling")
    assert without_answer() == []  # not at once
    later()
    assert buy_labels(without_answer()) == 1
    assert len(carrier.bought) == 1
    assert (shipment(part).state, Label.objects.count()) == ("bought", 1)


def test_what_never_arrived_is_bought_under_the_same_key(packed: Packed, carrier: FakeCarrier) -> None:
    carrier.moods = ["down"]
    [part] = packed((("MUG", 1),))
    buy_labels(request_shipments([part]))
    assert shipment(part).state == "unknown"
    later()
    buy_labels(without_answer())
    assert carrier.bought == [shipment(part).idempotency_key] * 2
    assert Label.objects.count() == 1


def test_a_worker_that_died_while_asking_leaves_an_unknown_that_is_asked_for(
    packed: Packed, carrier: FakeCarrier
) -> None:

    [part] = packed((("MUG", 1),))
    made = request_shipments([part])
    claim_shipments(made)  # and then the power goes
    assert buy_labels(made) == 0  # somebody asks right now, for all one knows
    later()
    assert buy_labels(without_answer()) == 1
    assert len(carrier.bought) == 1


def test_after_many_attempts_a_person_decides(world: World, packed: Packed, carrier: FakeCarrier) -> None:
    carrier.moods = ["down"] * 99
    [part] = packed((("MUG", 1),))
    made = request_shipments([part])
    for _ in range(MOST_ATTEMPTS):
        buy_labels(made)
        later()
    assert without_answer() == []
    carrier.moods = []
    assert ask_again([world.tilleul.pk], operator_ids=[world.boreal.pk], shipment_ids=made, actor=SYSTEM) == {}
    assert ask_again([world.northwind.pk], shipment_ids=made, actor=SYSTEM) == {}
    assert ask_again([world.tilleul.pk], shipment_ids=made, actor=SYSTEM) == {made[0]: made[0]}
    assert buy_labels(made) == 1


def test_a_connector_that_is_not_installed_is_a_problem_not_a_crash(
    packed: Packed, carrier: FakeCarrier, settings: pytest.FixtureRequest
) -> None:
    settings.COLISAGE_CARRIERS = {}  # type: ignore[attr-defined]
    [part] = packed((("MUG", 1),))
    buy_labels(request_shipments([part]))
    assert (shipment(part).state, shipment(part).problem) == ("unknown", "no_answer")


def test_a_label_that_comes_after_a_hold_is_given_back(world: World, packed: Packed, carrier: FakeCarrier) -> None:
    [part] = packed((("MUG", 1),))
    made = request_shipments([part])
    order = shipment(part).order_id

    def hold() -> None:
        set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="wait", actor=SYSTEM)
        void_stopped([OrderHeld(merchant_id=world.tilleul.pk, order_id=order, kind="manual")])

    # the hold comes between the sale and the record

    claim_shipments(made)
    bought = carrier.buy(shipments_to_buy(made)[made[0]][0])
    hold()
    record_labels([Answer(made[0], bought=bought)])
    assert (shipment(part).state, parts([part])[part].stage) == ("voiding", "packed")
    assert not Label.objects.exists()
    give_back_labels(made)
    assert shipment(part).state == "void"
    assert carrier.sold == {}


def test_a_void_label_is_void_at_once_and_given_back_when_the_carrier_answers(
    packed: Packed, carrier: FakeCarrier
) -> None:
    [part] = packed((("MUG", 1),))
    made = request_shipments([part])
    buy_labels(made)
    assert void_shipments([part]) == made
    assert void_shipments([part]) == []
    assert (Label.objects.get().state, parts([part])[part].stage) == ("void", "packed")
    carrier.moods = ["down"]
    assert give_back_labels(made) == 0
    assert shipment(part).state == "voiding"
    assert give_back_labels(made) == 1
    assert (shipment(part).state, len(carrier.voided)) == ("void", 1)
    buy_labels(request_shipments([part]))  # and a new one may be bought
    assert Label.objects.filter(state="good").count() == 1


def test_recording_writes_as_many_statements_for_many_as_for_few(packed: Packed) -> None:
    counts = []
    for many in (2, 14):
        made = request_shipments(packed(*[(("CARTE", 1),)] * many))
        with CaptureQueriesContext(connection) as queries:
            assert buy_labels(made) == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_asking_is_a_job_of_a_worker(packed: Packed) -> None:
    made = request_shipments(packed((("MUG", 1),)))
    [job] = ProcrastinateJob.objects.filter(task_name="shipping.buy")
    assert (job.args, job.queue_name) == ({"shipment_ids": made}, "carriers")


def test_a_defect_in_a_connector_stops_none_of_the_others(packed: Packed, carrier: FakeCarrier) -> None:
    carrier.moods = ["defect"]
    ids = packed((("MUG", 1),), (("CARTE", 1),))
    assert buy_labels(request_shipments(ids)) == 1
    assert sorted(shipment(pk).state for pk in ids) == ["bought", "unknown"]


def test_a_number_given_twice_spoils_only_its_own_shipment(packed: Packed, carrier: FakeCarrier) -> None:
    [old] = packed((("MUG", 1),))
    buy_labels(request_shipments([old]))
    first, second = packed((("MUG", 1),), (("CARTE", 1),))
    made = request_shipments([first, second])
    carrier.sold[shipment(first).idempotency_key] = Bought("again", ("FK00000",))
    buy_labels(made)
    assert (shipment(first).state, shipment(first).problem) == ("failed", "number_taken")
    assert (shipment(second).state, shipment(old).state) == ("bought", "bought")


def test_the_timeline_tells_it(packed: Packed) -> None:
    buy_labels(request_shipments(packed((("MUG", 1),))))
    verbs = AuditEntry.objects.filter(doc_kind="order").values_list("verb", flat=True)
    assert {"service_chosen", "stage_labelling", "stage_labelled", "label_bought"} <= set(verbs)
