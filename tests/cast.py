"""The small world every test knows.

Warehouses *Lyon* (of Atelier Nord) and *Montréal* (of Boréal, a 3PL). Products *MUG* (fragile), *TAPIS* (long), *LAMPE*
(two boxes), *PLUME* (light, large), *CARTE* (tiny), and the bundle *COFFRET* (a mug and two cards). Ada picks, Bo
packs, Chen manages; Dee belongs to another merchant and may see nothing of the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from colisage.catalog.models import Barcode, Component, Sku
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import SYSTEM
from colisage.kit.gs1.digits import check_digit
from colisage.network.models import Channel, Node, NodeService, Place, Zone
from colisage.network.queries import virtual_place
from colisage.orders.actions.place_orders import NewLine, NewOrder
from colisage.people.models import Membership, Merchant, Operator, ServiceContract, User

PASSWORD = "a long enough password"
LYON_ADDRESS = {
    "name": "Atelier Nord", "line1": "12 rue des Tisseurs", "postcode": "69004", "city": "Lyon", "country": "FR",
}  # fmt: skip
MONTREAL_ADDRESS = {"line1": "500 rue Dickson", "postcode": "H1N 2H7", "city": "Montréal", "country": "CA"}
CAMILLE = {
    "name": "Camille Rousseau", "company": "", "line1": "8 rue Lepic", "line2": "", "postcode": "75018",
    "city": "Paris", "region": "", "country": "FR", "phone": "+33612345678",
}  # fmt: skip
SIZES: dict[str, tuple[str, int, int, int, int, int, dict[str, Any]]] = {
    # code: name, grams, length, width, height in millimetres, price in cents, the rest
    "MUG": ("Mug en grès bleu", 380, 120, 95, 100, 1800, {"fragile": True}),
    "TAPIS": ("Tapis de couloir", 2400, 820, 160, 160, 8900, {}),
    "LAMPE": ("Lampe d’atelier", 3100, 420, 300, 280, 12900, {"fragile": True}),
    "PLUME": ("Édredon de plume", 900, 500, 400, 250, 9900, {}),
    "CARTE": ("Carte postale", 12, 148, 105, 1, 250, {}),
}
_numbers = count(1)


def day(days: int) -> date:
    """Give a day from today, where Maison Tilleul is: at night it is a day further than in UTC."""
    return timezone.localdate(timezone=ZoneInfo("Europe/Paris")) + timedelta(days=days)


@dataclass
class World:
    """Everybody and everything, by name."""

    nord: Operator
    boreal: Operator
    tilleul: Merchant
    northwind: Merchant
    lyon: Node
    montreal: Node
    channel: Channel
    northwind_channel: Channel
    ada: User
    bo: User
    chen: User
    dee: User
    skus: dict[str, Sku]
    northwind_skus: dict[str, Sku]

    def sku(self, code: str) -> Sku:
        """Give a SKU of Maison Tilleul."""
        return self.skus[code]

    def bins(self, node: Node | None = None) -> list[Place]:
        """Give the bins of a node, Lyon's by default, along the walk."""
        return list(Place.objects.filter(node=node or self.lyon, kind="bin").order_by("walk"))

    def order(self, *wants: tuple[str, int], **changes: Any) -> NewOrder:
        """Make a paid order of Camille Rousseau: `world.order(("MUG", 2), ("CARTE", 1))`."""
        lines = tuple(self._line(code, quantity) for code, quantity in wants)
        n = next(_numbers)
        total = sum(line.quantity * line.unit_price_cents for line in lines)
        facts: dict[str, Any] = {
            "merchant_id": self.tilleul.pk,
            "channel_id": self.channel.pk,
            "external_ref": f"ref-{n}",
            "number": f"#{1000 + n}",
            "placed_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
            "currency": "EUR",
            "lines": lines,
            "payment": "paid",
            "total_cents": total,
            "email": "camille@example.com",
            "customer_name": "Camille Rousseau",
            "ship_to": CAMILLE,
        }
        return NewOrder(**{**facts, **changes})

    def _line(self, code: str, quantity: int) -> NewLine:
        sku = self.skus[code]
        recipe = tuple(Component.objects.filter(parent=sku).order_by("sku_id").values_list("sku_id", "quantity"))
        return NewLine(sku.pk, code, sku.name, quantity, sku.price_cents, recipe=recipe or None)


def world(*, stock: int = 20) -> World:
    """Make the world, with `stock` units of each of Tilleul's SKUs in Lyon and of Northwind's in Montréal."""
    nord, boreal = Operator.objects.bulk_create(
        [
            Operator(name="Atelier Nord", slug="atelier-nord"),
            Operator(name="Boréal 3PL", slug="boreal", timezone="America/Toronto"),
        ]
    )
    tilleul, northwind = Merchant.objects.bulk_create(
        [
            Merchant(name="Maison Tilleul", slug="tilleul", email="bonjour@tilleul.example", address=LYON_ADDRESS),
            Merchant(
                name="Northwind Gifts", slug="northwind", language="en", currency="CAD", country="CA",
                timezone="America/Toronto",
            ),
        ]
    )  # fmt: skip
    ServiceContract.objects.bulk_create(
        ServiceContract(operator=operator, merchant=merchant)
        for operator, merchant in ((nord, tilleul), (boreal, tilleul), (boreal, northwind))
    )
    lyon, montreal = _nodes((nord, "LYON", "Lyon", LYON_ADDRESS), (boreal, "MTL", "Montréal", MONTREAL_ADDRESS))
    NodeService.objects.bulk_create(
        NodeService(node=node, merchant=merchant, rank=rank)
        for node, merchant, rank in ((lyon, tilleul, 1), (montreal, tilleul, 2), (montreal, northwind, 1))
    )
    channel, northwind_channel = Channel.objects.bulk_create(
        [
            Channel(merchant=tilleul, kind="shopify", code="shop", name="Boutique"),
            Channel(merchant=northwind, kind="api", code="api", name="API"),
        ]
    )
    ada, bo, chen, dee = _people(nord, tilleul, northwind)
    skus, northwind_skus = _skus(tilleul, northwind)
    made = World(
        nord=nord, boreal=boreal, tilleul=tilleul, northwind=northwind, lyon=lyon, montreal=montreal, channel=channel,
        northwind_channel=northwind_channel, ada=ada, bo=bo, chen=chen, dee=dee, skus=skus,
        northwind_skus=northwind_skus,
    )  # fmt: skip
    if stock:
        fill(made, lyon, made.skus, stock)
        fill(made, montreal, made.northwind_skus, stock)
    return made


def fill(made: World, node: Node, skus: dict[str, Sku], units: int) -> None:
    """Put units of each SKU into a bin of its own at a node."""
    found = Spot(place_id=virtual_place("found"))
    stocked = [sku for sku in skus.values() if sku.kind == "unit"]
    post_movements(
        [
            Move(
                merchant_id=sku.merchant_id, sku_id=sku.pk, qty=units, source=found, target=Spot(place_id=place.pk),
                reason="opening", doc_kind="opening", doc_id=next(_numbers),
            )
            for sku, place in zip(stocked, made.bins(node), strict=False)
        ],
        actor=SYSTEM,
    )  # fmt: skip


def _nodes(*told: tuple[Operator, str, str, dict[str, str]]) -> list[Node]:
    nodes = Node.objects.bulk_create(
        Node(operator=operator, code=code, name=name, address=address, timezone=operator.timezone)
        for operator, code, name, address in told
    )
    kinds = {"A": "storage"} | {kind.upper(): kind for kind in ("dock", "bench", "handover", "returns", "quarantine")}
    zones = Zone.objects.bulk_create(
        Zone(node=node, code=code, kind=kind) for node in nodes for code, kind in kinds.items()
    )
    Place.objects.bulk_create(place for zone in zones for place in _places(zone))
    return nodes


def _places(zone: Zone) -> list[Place]:
    if zone.kind != "storage":
        return [Place(node=zone.node, zone=zone, kind=zone.kind, code=zone.code)]
    return [
        Place(
            node=zone.node, zone=zone, kind="bin", code=f"{'ABC'[aisle]}-{slot + 1:02}-1", aisle=aisle + 1,
            x_mm=2_000 + 3_000 * aisle, y_mm=2_000 + 1_500 * slot, level=1, walk=4 * aisle + slot + 1,
        )
        for aisle in range(3)
        for slot in range(4)
    ]  # fmt: skip


def _skus(*merchants: Merchant) -> list[dict[str, Sku]]:
    boxes = [
        Sku(merchant=merchant, code="COFFRET", name="Coffret cadeau", kind="bundle", price_cents=2100)
        for merchant in merchants
    ]
    made = [{sku.code: sku for sku in [*_units(box.merchant), box]} for box in boxes]
    Sku.objects.bulk_create(sku for skus in made for sku in skus.values())
    Barcode.objects.bulk_create(_barcode(skus[code], n) for skus in made for n, code in enumerate(SIZES, 1))
    Component.objects.bulk_create(
        Component(merchant=box.merchant, parent=box, sku=skus[code], quantity=quantity)
        for box, skus in zip(boxes, made, strict=True)
        for code, quantity in (("MUG", 1), ("CARTE", 2))
    )
    return made


def _units(merchant: Merchant) -> list[Sku]:
    return [
        Sku(
            merchant=merchant, code=code, name=name, grams=grams, length_mm=length, width_mm=width, height_mm=height,
            price_cents=price, **rest,
        )
        for code, (name, grams, length, width, height, price, rest) in SIZES.items()
    ]  # fmt: skip


def _barcode(sku: Sku, n: int) -> Barcode:
    digits = f"37600{sku.merchant_id % 1_000:03}{n % 10_000:04}"
    return Barcode(merchant=sku.merchant, sku=sku, code=digits + check_digit(digits))


def _people(nord: Operator, tilleul: Merchant, northwind: Merchant) -> list[User]:
    people = [
        User(email="ada@nord.example", name="Ada"),
        User(email="bo@nord.example", name="Bo"),
        User(email="chen@nord.example", name="Chen"),
        User(email="dee@northwind.example", name="Dee", language="en"),
    ]
    for person in people:
        person.set_password(PASSWORD)
    ada, bo, chen, dee = User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        [
            Membership(user=ada, operator=nord, roles=["picker"]),
            Membership(user=bo, operator=nord, roles=["packer"]),
            Membership(user=chen, operator=nord, roles=["manager"]),
            Membership(user=chen, merchant=tilleul, roles=["manager"]),
            Membership(user=dee, merchant=northwind, roles=["manager"]),
        ]
    )
    return [ada, bo, chen, dee]
