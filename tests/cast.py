"""The small world every test knows.

Warehouses *Lyon* (of Atelier Nord) and *Montréal* (of Boréal, a 3PL). Products *MUG* (fragile), *TAPIS* (long), *LAMPE*
(two boxes), *PLUME* (light, large), *CARTE* (tiny), and the bundle *COFFRET* (a mug and two cards). Ada picks, Bo
packs, Chen manages; Dee belongs to another merchant and may see nothing of the first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

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
    nord = Operator.objects.create(name="Atelier Nord", slug="atelier-nord")
    boreal = Operator.objects.create(name="Boréal 3PL", slug="boreal", timezone="America/Toronto")
    tilleul = Merchant.objects.create(
        name="Maison Tilleul", slug="tilleul", email="bonjour@tilleul.example", address=LYON_ADDRESS
    )
    northwind = Merchant.objects.create(
        name="Northwind Gifts",
        slug="northwind",
        language="en",
        currency="CAD",
        country="CA",
        timezone="America/Toronto",
    )
    ServiceContract.objects.bulk_create(
        ServiceContract(operator=operator, merchant=merchant)
        for operator, merchant in ((nord, tilleul), (boreal, tilleul), (boreal, northwind))
    )
    lyon = _node(nord, "LYON", "Lyon", LYON_ADDRESS)
    montreal = _node(
        boreal,
        "MTL",
        "Montréal",
        {"line1": "500 rue Dickson", "postcode": "H1N 2H7", "city": "Montréal", "country": "CA"},
    )
    NodeService.objects.bulk_create(
        NodeService(node=node, merchant=merchant, rank=rank)
        for node, merchant, rank in ((lyon, tilleul, 1), (montreal, tilleul, 2), (montreal, northwind, 1))
    )
    made = World(
        nord=nord,
        boreal=boreal,
        tilleul=tilleul,
        northwind=northwind,
        lyon=lyon,
        montreal=montreal,
        channel=Channel.objects.create(merchant=tilleul, kind="shopify", code="shop", name="Boutique"),
        northwind_channel=Channel.objects.create(merchant=northwind, kind="api", code="api", name="API"),
        ada=_person("ada@nord.example", "Ada", operator=nord, roles=["picker"]),
        bo=_person("bo@nord.example", "Bo", operator=nord, roles=["packer"]),
        chen=_person("chen@nord.example", "Chen", operator=nord, merchant=tilleul, roles=["manager"]),
        dee=_person("dee@northwind.example", "Dee", merchant=northwind, roles=["manager"], language="en"),
        skus=_skus(tilleul),
        northwind_skus=_skus(northwind),
    )
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


def _node(operator: Operator, code: str, name: str, address: dict[str, str]) -> Node:
    node = Node.objects.create(operator=operator, code=code, name=name, address=address, timezone=operator.timezone)
    kinds = ("dock", "bench", "handover", "returns", "quarantine")
    storage, *others = Zone.objects.bulk_create(
        [Zone(node=node, code="A", kind="storage"), *(Zone(node=node, code=kind.upper(), kind=kind) for kind in kinds)]
    )
    walk = ((n, *divmod(n, 4)) for n in range(12))
    bins = [
        Place(
            node=node, zone=storage, kind="bin", code=f"{'ABC'[aisle]}-{slot + 1:02}-1", aisle=aisle + 1,
            x_mm=2_000 + 3_000 * aisle, y_mm=2_000 + 1_500 * slot, level=1, walk=n + 1,
        )
        for n, aisle, slot in walk
    ]  # fmt: skip
    Place.objects.bulk_create(
        [*bins, *(Place(node=node, zone=zone, kind=zone.kind, code=zone.code) for zone in others)]
    )
    return node


def _skus(merchant: Merchant) -> dict[str, Sku]:
    units = [
        Sku(
            merchant=merchant, code=code, name=name, grams=grams, length_mm=length, width_mm=width, height_mm=height,
            price_cents=price, **rest,
        )
        for code, (name, grams, length, width, height, price, rest) in SIZES.items()
    ]  # fmt: skip
    box = Sku(merchant=merchant, code="COFFRET", name="Coffret cadeau", kind="bundle", price_cents=2100)
    made = {sku.code: sku for sku in Sku.objects.bulk_create([*units, box])}
    digits = [f"37600{merchant.pk % 1_000:03}{n % 10_000:04}" for n in range(1, len(units) + 1)]
    Barcode.objects.bulk_create(
        Barcode(merchant=merchant, sku=sku, code=code + check_digit(code))
        for sku, code in zip(units, digits, strict=True)
    )
    Component.objects.bulk_create(
        Component(merchant=merchant, parent=box, sku=made[code], quantity=quantity)
        for code, quantity in (("MUG", 1), ("CARTE", 2))
    )
    return made


def _person(
    email: str,
    name: str,
    *,
    roles: list[str],
    operator: Operator | None = None,
    merchant: Merchant | None = None,
    language: str = "fr",
) -> User:
    person = User.objects.create_user(email, PASSWORD, name=name, language=language)
    if operator:
        Membership.objects.create(user=person, operator=operator, roles=roles)
    if merchant:
        Membership.objects.create(user=person, merchant=merchant, roles=roles)
    return person
