"""The doors of returns: who may, what is shown, what a refusal looks like."""

import re
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.kit.actors import SYSTEM
from colisage.kit.marks import SavedMeanwhile
from colisage.orders.models import OrderLine
from colisage.returns.actions.save_policy import save_policy
from colisage.returns.models import Inspection, Payer, Refund, ReturnItem, ReturnPolicy, ReturnRequest
from colisage.returns.queries.left import policy_facts, policy_mark, policy_of
from tests.cast import World
from tests.returns.conftest import Asked, Delivered
from tests.screens import seen_of
from tests.together import at_once, faults


@pytest.fixture
def desk(world: World) -> Client:
    client = Client()
    client.force_login(world.chen)
    client.cookies["language"] = "en"
    return client


def test_a_return_goes_from_the_table_to_the_money(
    world: World, desk: Client, delivered: Delivered, asked: Asked
) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    number = ReturnRequest.objects.get().number
    found = desk.post(reverse("returns-table"), {"code": number})
    assert found.headers["Location"] == reverse("return-on-table", args=[made])
    wrong = desk.post(reverse("return-on-table", args=[made]), {"code": "CARTE"})
    assert (wrong.status_code, b'data-verdict="bad"' in wrong.content) == (422, True)
    right = desk.post(reverse("return-on-table", args=[made]), {"code": "MUG"})
    assert (right.status_code, b'data-verdict="ok"' in right.content) == (200, True)
    item = ReturnItem.objects.get()
    graded = desk.post(reverse("return-judge", args=[made]), {"item": item.pk, "grade": "a"})
    shelf = re.search(r'name="bin" value="([^"]+)"', graded.content.decode())
    assert shelf is not None
    desk.post(
        reverse("return-judge", args=[made]),
        {"item": item.pk, "grade": "a", "disposition": "restock", "quantity": 1, "bin": shelf[1]},
    )
    assert Inspection.objects.get().place_code == shelf[1]
    page = desk.get(reverse("return", args=[made]))
    assert "€18.00" in page.content.decode()
    desk.post(reverse("return-refund", args=[made]))
    assert "to be paid back in your shop" in desk.get(reverse("return", args=[made])).content.decode()
    desk.post(reverse("return-paid", args=[made]), {"reference": "pi_1"})
    assert Refund.objects.get().state == "done"
    assert ReturnRequest.objects.get().state == "closed"


def test_a_refused_verdict_is_shown_and_changes_nothing(
    world: World, desk: Client, delivered: Delivered, asked: Asked
) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    desk.post(reverse("return-on-table", args=[made]), {"code": "MUG"})
    told = {"item": ReturnItem.objects.get().pk, "grade": "a", "disposition": "restock", "quantity": 1, "bin": "Z-9"}
    answer = desk.post(reverse("return-judge", args=[made]), told)
    assert answer.status_code == 422
    assert not Inspection.objects.exists()
    assert desk.get(reverse("return-judge", args=[made])).status_code == 302


def test_the_desk_writes_a_return_even_after_the_window(world: World, desk: Client, delivered: Delivered) -> None:
    order = delivered(("MUG", 2), days_ago=90)
    line = OrderLine.objects.get(order_id=order)
    page = reverse("return-new", args=[order])
    assert desk.get(page).status_code == 200
    assert desk.post(page, {f"units_{line.pk}": "1"}).status_code == 422
    assert desk.post(page, {f"units_{line.pk}": "3", f"reason_{line.pk}": "late"}).status_code == 422
    desk.post(page, {f"units_{line.pk}": "2", f"reason_{line.pk}": "late"})
    assert ReturnRequest.objects.get().state == "label_sent"


def test_the_label_is_given_as_pdf(world: World, desk: Client, delivered: Delivered, asked: Asked) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    answer = desk.get(reverse("return-label", args=[made]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_request_that_waits_is_approved_or_refused_by_hand(
    world: World, desk: Client, delivered: Delivered, asked: Asked
) -> None:
    ReturnPolicy.objects.create(merchant=world.tilleul, approves_alone=False)
    first, second = asked(delivered(("MUG", 1)), ("MUG", 1)), asked(delivered(("MUG", 1)), ("MUG", 1))
    desk.post(reverse("return-approve", args=[first]))
    desk.post(reverse("return-refuse", args=[second]), {"reason": ""})
    desk.post(reverse("return-refuse", args=[second]), {"reason": "Personnalisé"})
    states = dict(ReturnRequest.objects.values_list("pk", "state"))
    assert states == {first: "label_sent", second: "refused"}
    assert "Personnalisé" in desk.get(reverse("return", args=[second])).content.decode()


def test_the_rules_are_set_and_the_law_is_kept(world: World, desk: Client) -> None:
    page = reverse("return-policy")
    told = {"window_days": "45", "payer": "customer", "label_fee": "4.90", "approves_alone": "on"}
    assert desk.get(page).status_code == 200
    assert desk.post(page, {**told, "window_days": "13"}).status_code == 422
    assert desk.post(page, {**told, "label_fee": "4.901"}).status_code == 422
    assert desk.post(page, told).status_code == 302
    policy = ReturnPolicy.objects.get()
    assert (policy.window_days, policy.label_fee_cents, policy.refunds_shipping) == (45, 490, False)


@pytest.mark.parametrize(("language", "written"), [("fr", "4,90"), ("en", "4.90")])
def test_the_fee_is_written_as_the_language_does_and_read_with_a_comma_or_a_point(
    world: World, desk: Client, language: str, written: str
) -> None:
    page = reverse("return-policy")
    told = {"window_days": "45", "payer": "customer", "approves_alone": "on"}
    desk.cookies["language"] = language
    for typed in ("4,90", "4.90"):
        ReturnPolicy.objects.all().delete()
        assert desk.post(page, {**told, "label_fee": typed}).status_code == 302
        assert ReturnPolicy.objects.get().label_fee_cents == 490
        assert f'value="{written}"' in desk.get(page).content.decode()
    late = desk.post(page, {**told, "label_fee": "6", "seen": "another"}).content.decode()
    assert f"<strong>{written}</strong>" in late


def test_of_two_who_set_the_rules_the_second_sees_the_first_and_loses_nothing(world: World, desk: Client) -> None:
    page = reverse("return-policy")
    told = {"window_days": "45", "payer": "customer", "label_fee": "4.90", "approves_alone": "on"}
    seen = seen_of(desk.get(page))
    assert desk.post(page, {**told, "payer": "merchant", "label_fee": "0", "seen": seen}).status_code == 302
    answer = desk.post(page, {**told, "window_days": "60", "label_fee": "4.9", "seen": seen})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ReturnPolicy.objects.get().window_days == 45
    assert "Chen changed what stands here (" in text  # who, and what stands now
    assert "Days to return, from delivery → <strong>45</strong>" in text
    assert f"The way back → <strong>{Payer.MERCHANT.label}</strong>" in text
    assert "Approve requests within the window at once →" not in text  # where both say the same nothing is said
    assert 'name="window_days" value="60"' in text  # and what was typed
    assert desk.post(page, {**told, "window_days": "60", "seen": seen_of(answer)}).status_code == 302
    assert ReturnPolicy.objects.get().window_days == 60


def test_who_types_just_what_another_has_saved_is_told_that_there_is_nothing_to_do(world: World, desk: Client) -> None:
    page = reverse("return-policy")
    told = {"window_days": "45", "payer": "customer", "label_fee": "4.90", "seen": seen_of(desk.get(page))}
    assert desk.post(page, told).status_code == 302
    assert "It is just what you typed." in desk.post(page, {**told, "label_fee": "4.9"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_the_rules_in_the_same_second_one_is_told_so(world: World) -> None:
    kept = policy_of(world.tilleul.pk)  # there is no row yet
    save = partial(save_policy, world.tilleul.pk, **policy_facts(kept), actor=SYSTEM, seen=policy_mark(kept))
    [late] = faults(at_once(partial(save, window_days=30 + 1), partial(save, window_days=60)))
    assert isinstance(late, SavedMeanwhile)
    assert ReturnPolicy.objects.get().window_days in {31, 60}


def test_another_merchants_return_is_not_there(world: World, delivered: Delivered, asked: Asked) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    stranger = Client()
    stranger.force_login(world.dee)
    for name in ("return", "return-label", "return-on-table"):
        assert stranger.get(reverse(name, args=[made])).status_code == 404
    for name in ("return-approve", "return-refuse", "return-refund", "return-paid", "return-finish", "return-judge"):
        assert stranger.post(reverse(name, args=[made])).status_code == 404
    assert stranger.get(reverse("return-new", args=[ReturnRequest.objects.get().order_id])).status_code == 404
    assert ReturnRequest.objects.get().number not in stranger.get(reverse("returns")).content.decode()


def test_a_picker_neither_decides_nor_receives(world: World, delivered: Delivered, asked: Asked) -> None:
    made = asked(delivered(("MUG", 1)), ("MUG", 1))
    picker = Client()
    picker.force_login(world.ada)
    assert picker.post(reverse("return-refund", args=[made])).status_code == 403
    assert picker.get(reverse("returns-table")).status_code == 403
    assert picker.get(reverse("return-policy")).status_code == 403


def test_the_list_asks_as_much_for_thirty_as_for_three(
    world: World, desk: Client, delivered: Delivered, asked: Asked
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            assert desk.get(reverse("returns")).status_code == 200
        return len(asked_for)

    for _ in range(3):
        asked(delivered(("CARTE", 1)), ("CARTE", 1))
    few = statements()
    made = ReturnRequest.objects.get(pk=ReturnRequest.objects.order_by("pk")[0].pk)
    for n in range(30):
        made.pk = None
        made.tracking_number = str(n)
        made.save(force_insert=True)
    assert statements() == few


@pytest.mark.parametrize("view", ["", "requested", "way", "table", "decide", "due", "done", "nonsense"])
def test_every_view_of_the_list_can_be_seen(world: World, desk: Client, view: str) -> None:
    assert desk.get(reverse("returns"), {"view": view, "after": "x"}).status_code == 200
