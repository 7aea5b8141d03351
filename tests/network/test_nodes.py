"""The doors of nodes: who sees them, what they refuse, what they change."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.kit.models import AuditEntry
from colisage.network.models import Node, Place, Zone
from colisage.network.queries.plans import floor_parts
from colisage.people.models import Operator
from tests.cast import World

HOURS: dict[str, Any] = {
    "name": "Lyon",
    "line1": "12 rue des Tisseurs",
    "postcode": "69004",
    "city": "Lyon",
    "country": "France",
    "timezone": "Europe/Paris",
    "cutoff": "14:30",
    "handling": "1.20",
    "working_days": ["1", "2", "3", "4", "5", "6"],
}
AISLE: dict[str, Any] = {
    "aisle": "d",
    "first_bay": 1,
    "bays": 10,
    "levels": 4,
    "x_mm": 11_000,
    "y_mm": 2_000,
    "bay_mm": 1_200,
    "along": "y",
    "max_kg": 120,
}


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def chen(world: World) -> Client:
    return client_of(world.chen)


def storage(node: Node) -> int:
    return Zone.objects.get(node=node, kind="storage").pk


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_staff_see_the_nodes_they_work_at_and_no_others(world: World, chen: Client) -> None:
    page = text_of(chen.get(reverse("nodes")))
    assert "You work at 1 node" in page
    assert "Montréal" not in page
    assert "Lyon" in text_of(client_of(world.ada).get(reverse("nodes")))


def test_the_staff_of_a_merchant_see_no_node_of_its_operator(world: World) -> None:
    dee = client_of(world.dee)
    assert "No node of yours" in text_of(dee.get(reverse("nodes")))
    assert dee.get(reverse("node", args=[world.montreal.pk])).status_code == 404


@pytest.mark.parametrize("name", ["node", "node-edit", "node-zone-new", "node-bin-new", "node-aisle-new"])
def test_another_operators_node_is_not_there(world: World, chen: Client, name: str) -> None:
    assert chen.get(reverse(name, args=[world.montreal.pk])).status_code == 404
    assert Client().get(reverse(name, args=[world.lyon.pk])).status_code == 302


def test_a_picker_looks_at_a_node_and_changes_nothing(world: World) -> None:
    ada = client_of(world.ada)
    page = text_of(ada.get(reverse("node", args=[world.lyon.pk])))
    assert "Lyon has 12 bins" in page
    assert reverse("node-edit", args=[world.lyon.pk]) not in page
    for name in ("node-edit", "node-zone-new", "node-bin-new", "node-aisle-new"):
        assert ada.post(reverse(name, args=[world.lyon.pk]), HOURS).status_code == 403
    assert not AuditEntry.objects.exists()


def test_hours_and_address_are_changed_and_audited(world: World, chen: Client) -> None:
    answer = chen.post(reverse("node-edit", args=[world.lyon.pk]), HOURS)
    assert answer.headers["Location"] == reverse("node", args=[world.lyon.pk])
    world.lyon.refresh_from_db()
    assert (f"{world.lyon.cutoff:%H:%M}", world.lyon.working_days) == ("14:30", [1, 2, 3, 4, 5, 6])
    assert world.lyon.address["country"] == "FR"
    deed = AuditEntry.objects.get()
    assert (deed.verb, deed.operator_id, deed.actor_name) == ("node_changed", world.nord.pk, "Chen")
    assert deed.data["changed"] == ["address", "cutoff", "working_days"]


def test_saving_a_node_unchanged_is_no_deed(world: World, chen: Client) -> None:
    chen.post(reverse("node-edit", args=[world.lyon.pk]), HOURS)
    chen.post(reverse("node-edit", args=[world.lyon.pk]), HOURS)
    assert AuditEntry.objects.count() == 1


def test_a_gln_is_taken_with_its_spaces_and_names_one_node(world: World, chen: Client) -> None:
    answer = chen.post(reverse("node-edit", args=[world.lyon.pk]), {**HOURS, "gln": "4006381 00001 7"})
    assert answer.status_code == 302
    assert Node.objects.get(pk=world.lyon.pk).gln == "4006381000017"
    other = Node.objects.create(operator=world.nord, code="NANTES", name="Nantes")
    answer = chen.post(reverse("node-edit", args=[other.pk]), {**HOURS, "gln": "4006381000017"})
    assert answer.status_code == 422
    assert "Another node has the GLN 4006381000017." in text_of(answer)
    assert chen.post(reverse("node-edit", args=[world.lyon.pk]), HOURS).status_code == 302
    assert Node.objects.get(pk=world.lyon.pk).gln == ""


@pytest.mark.parametrize(
    ("currency", "typed", "cents", "shown"), [("EUR", "0,95", 95, "€0.95"), ("JPY", "150", 150, "¥150")]
)
def test_what_handling_an_order_costs_is_typed_in_the_currency_of_the_operator(
    world: World, chen: Client, *, currency: str, typed: str, cents: int, shown: str
) -> None:
    Operator.objects.filter(pk=world.nord.pk).update(currency=currency)
    assert chen.post(reverse("node-edit", args=[world.lyon.pk]), {**HOURS, "handling": typed}).status_code == 302
    assert Node.objects.get(pk=world.lyon.pk).handling_cents == cents
    assert shown in text_of(chen.get(reverse("node", args=[world.lyon.pk])))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("working_days", [], "Choose at least one working day."),
        ("working_days", ["8"], "8 is not one of the available choices"),
        ("cutoff", "25:00", "Enter a valid time."),
        ("timezone", "Europe/Atlantis", "Europe/Atlantis is not one of the available choices"),
        ("country", "Ruritania", "There is no country “Ruritania”."),
        ("city", "", "This field is required."),
        ("gln", "4006381000018", "the last of them is the check digit"),
        ("gln", "400638100001", "A GLN has 13 digits"),
        ("gln", "４００６３８１００００１７", "A GLN has 13 digits"),
    ],
)
def test_bad_hours_are_refused_with_a_sentence_and_kept_on_the_page(
    world: World, chen: Client, field: str, typed: Any, said: str
) -> None:
    answer = chen.post(reverse("node-edit", args=[world.lyon.pk]), {**HOURS, "line2": "Bâtiment C", field: typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "Bâtiment C" in text_of(answer)
    assert f"{Node.objects.get(pk=world.lyon.pk).cutoff:%H:%M}" == "16:00"
    assert not AuditEntry.objects.exists()


def test_an_aisle_is_shown_before_it_is_made(world: World, chen: Client) -> None:
    address = reverse("node-aisle-new", args=[world.lyon.pk])
    typed = {**AISLE, "zone": storage(world.lyon)}
    shown = chen.post(address, {**typed, "step": "show"})
    assert "This makes 40 bins" in text_of(shown)
    assert text_of(shown).count('class="rack on"') == 10
    assert Place.objects.filter(code__startswith="D-").count() == 0
    chen.post(address, {**typed, "step": "add", "seen": shown.context["seen"]})
    made = Place.objects.filter(node=world.lyon, code__startswith="D-").order_by("walk")
    assert made.count() == 40
    first, last = made[0], made[39]
    assert (first.code, first.x_mm, first.y_mm, first.level, first.walk) == ("D-01-1", 11_000, 2_000, 1, 13)
    assert (last.code, last.y_mm, last.level, last.walk) == ("D-10-4", 12_800, 4, 52)
    assert {(place.aisle, place.max_grams, place.volume_mm3) for place in made} == {(4, 120_000, None)}
    deed = AuditEntry.objects.get()
    assert (deed.verb, deed.data["count"], deed.data["first"]) == ("bins_added", 40, "D-01-1")


def test_a_pattern_changed_since_it_was_shown_is_shown_again(world: World, chen: Client) -> None:
    address = reverse("node-aisle-new", args=[world.lyon.pk])
    typed = {**AISLE, "zone": storage(world.lyon)}
    seen = chen.post(address, typed).context["seen"]
    again = chen.post(address, {**typed, "bays": 11, "step": "add", "seen": seen})
    assert "This makes 44 bins" in text_of(again)
    assert not AuditEntry.objects.exists()


def test_the_walk_may_enter_an_aisle_by_its_last_bay(world: World, chen: Client) -> None:
    address = reverse("node-aisle-new", args=[world.lyon.pk])
    typed = {**AISLE, "zone": storage(world.lyon), "from_far_end": "on", "along": "x", "bays": 3, "levels": 2}
    seen = chen.post(address, typed).context["seen"]
    chen.post(address, {**typed, "step": "add", "seen": seen})
    made = Place.objects.filter(node=world.lyon, code__startswith="D-").order_by("walk")
    assert [place.code for place in made] == ["D-03-1", "D-03-2", "D-02-1", "D-02-2", "D-01-1", "D-01-2"]
    assert {place.x_mm for place in made} == {11_000, 12_200, 13_400}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"aisle": "A"}, "These codes are taken at this node: A-01-1, A-02-1, A-03-1, A-04-1."),
        ({"x_mm": 2_000}, "Where these bins would stand there are bins already: A-01-1"),
        ({"aisle": "D-1"}, "An aisle is named by letters and figures only."),
        ({"bays": 0}, "greater than or equal to 1"),
        ({"bays": 500, "levels": 20}, "at most 5,000 at a time"),
        ({"x_mm": "far"}, "Enter a whole number."),
        ({"zone": 999_999}, "not one of the available choices"),
    ],
)
def test_a_bad_aisle_is_refused_and_nothing_is_made(
    world: World, chen: Client, changes: dict[str, Any], said: str
) -> None:
    typed = {**AISLE, "zone": storage(world.lyon), **changes}
    answer = chen.post(reverse("node-aisle-new", args=[world.lyon.pk]), typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="1200"' in text_of(answer)
    assert Place.objects.filter(node=world.lyon, kind="bin").count() == 12
    assert not AuditEntry.objects.exists()


def test_bins_do_not_go_into_a_zone_of_another_node_or_purpose(world: World, chen: Client) -> None:
    dock = Zone.objects.get(node=world.lyon, kind="dock").pk
    for zone in (dock, storage(world.montreal)):
        answer = chen.post(reverse("node-aisle-new", args=[world.lyon.pk]), {**AISLE, "zone": zone})
        assert answer.status_code == 422


def test_one_bin_is_added_after_the_others_in_its_aisle(world: World, chen: Client) -> None:
    typed = {"zone": storage(world.lyon), "code": "a-05-1", "x_mm": 2_000, "y_mm": 8_000, "level": 1, "litres": 90}
    chen.post(reverse("node-bin-new", args=[world.lyon.pk]), typed)
    made = Place.objects.get(code="A-05-1")
    assert (made.aisle, made.walk, made.volume_mm3, made.max_grams) == (1, 13, 90_000_000, None)
    again = chen.post(reverse("node-bin-new", args=[world.lyon.pk]), typed)
    assert again.status_code == 422
    assert "These codes are taken at this node: A-05-1." in text_of(again)


def test_a_storage_zone_waits_for_bins_and_any_other_is_a_spot(world: World, chen: Client) -> None:
    address = reverse("node-zone-new", args=[world.lyon.pk])
    chen.post(address, {"code": "cold", "kind": "storage"})
    chen.post(address, {"code": "bench-2", "kind": "bench"})
    assert Zone.objects.filter(node=world.lyon, code="COLD").exists()
    assert [p.kind for p in Place.objects.filter(node=world.lyon, code__in=["COLD", "BENCH-2"])] == ["bench"]
    assert [deed.verb for deed in AuditEntry.objects.order_by("pk")] == ["zone_added", "zone_added"]


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        ("a", "storage", "A is taken at this node."),
        ("A-01-1", "bench", "A-01-1 is taken at this node."),
        ("été !", "storage", "Write a code with letters, figures and hyphens"),
        ("B", "cellar", "cellar is not one of the available choices"),
    ],
)
def test_a_bad_zone_is_refused(world: World, chen: Client, code: str, kind: str, said: str) -> None:
    before = Zone.objects.count()
    answer = chen.post(reverse("node-zone-new", args=[world.lyon.pk]), {"code": code, "kind": kind})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Zone.objects.count() == before


def test_bins_are_found_by_how_their_code_begins(world: World, chen: Client) -> None:
    page = chen.get(reverse("node", args=[world.lyon.pk]), {"text": "b-"})
    assert [place.code for place in page.context["bins"]] == ["B-01-1", "B-02-1", "B-03-1", "B-04-1"]
    assert "No bin begins so" in text_of(chen.get(reverse("node", args=[world.lyon.pk]), {"text": "Z'\x00<"}))


def test_a_node_without_bins_shows_a_way_on(world: World, chen: Client) -> None:
    bare = Node.objects.create(operator=world.nord, code="BARE", name="Bare")
    assert "No bin yet" in text_of(chen.get(reverse("node", args=[bare.pk])))
    assert "No storage zone yet" in text_of(chen.get(reverse("node-aisle-new", args=[bare.pk])))


def _count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_pages_cost_as_many_statements_for_many_bins_and_nodes(world: World, chen: Client) -> None:
    addresses = [reverse("nodes"), reverse("node", args=[world.lyon.pk])]
    for address in addresses:
        chen.get(address)
    before = [_count(chen, address) for address in addresses]
    for n in range(30):
        node = Node.objects.create(operator=world.nord, code=f"N{n}", name=f"N{n}")
        Place.objects.create(node=node, code="A-1")
        Place.objects.create(
            node=world.lyon, code=f"E-{n:02}-1", x_mm=20_000, y_mm=n * 1_000, zone_id=storage(world.lyon)
        )
    assert [_count(chen, address) for address in addresses] == before


def test_bins_and_nodes_are_turned_page_by_page(world: World, chen: Client) -> None:
    for n in range(60):
        Place.objects.create(node=world.lyon, code=f"E-{n:02}-1", zone_id=storage(world.lyon), y_mm=n)
        Node.objects.create(operator=world.nord, code=f"N{n:02}", name=f"N{n}")
    address = reverse("node", args=[world.lyon.pk])
    first = chen.get(address)
    second = chen.get(address, {"after": first.context["next"]})
    assert (len(first.context["bins"]), len(second.context["bins"]), second.context["next"]) == (50, 22, None)
    first = chen.get(reverse("nodes"))
    second = chen.get(reverse("nodes"), {"after": first.context["next"]})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 11)


def fill_floor(world: World, *, bays: int) -> None:
    """Set up another aisle far from the first, of so many bays."""
    zone = Zone.objects.get(pk=storage(world.lyon))
    Place.objects.bulk_create(
        Place(
            node=world.lyon, zone=zone, kind="bin", code=f"D-{n:03}-1", x_mm=90_000, y_mm=1_000 * n, level=1,
            walk=1_000 + n,
        )
        for n in range(bays)
    )  # fmt: skip


def test_a_large_floor_is_drawn_a_part_at_a_time(world: World, chen: Client) -> None:
    address = reverse("node", args=[world.lyon.pk])
    before = chen.get(address).content.decode()
    assert "Part of the floor" not in before
    fill_floor(world, bays=500)
    page = chen.get(address).content.decode()
    assert "Lyon has 512 bins" in text_of(chen.get(address))
    assert page.count('<rect class="rack') == 250
    key = floor_parts(world.lyon.pk)[-1].key
    last = chen.get(address, {"part": key}).content.decode()
    assert f'<option value="{key}" selected>' in last
    assert 0 < last.count('<rect class="rack') < 250
    assert "A-01-1" not in last.partition('id="bins"')[0]
    assert chen.get(address, {"part": "nonsense"}).context["part"] == floor_parts(world.lyon.pk)[0]


def test_a_page_of_a_large_floor_asks_as_often_as_one_of_a_small_one(world: World, chen: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert chen.get(reverse("node", args=[world.lyon.pk])).status_code == 200
        return len(caught)

    few = asked()
    fill_floor(world, bays=500)
    assert asked() == few


@pytest.mark.parametrize(("y_mm", "aisles"), [(480_000, {"D", "E"}), (2_000, {"A", "B", "C", "D", "E"})])
def test_a_new_aisle_is_shown_in_the_part_of_the_floor_where_it_will_stand(
    world: World, chen: Client, y_mm: int, aisles: set[str]
) -> None:
    fill_floor(world, bays=500)
    typed = {**AISLE, "aisle": "E", "x_mm": 89_000, "y_mm": y_mm, "zone": storage(world.lyon)}
    plan = chen.post(reverse("node-aisle-new", args=[world.lyon.pk]), typed).context["plan"]
    assert sum(bay.lit for bay in plan.bays) == 10
    assert {aisle.name for aisle in plan.aisles} == aisles
