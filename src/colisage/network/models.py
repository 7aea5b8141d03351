"""Where stock lives and where orders come from: nodes, zones, places, channels, working days."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from colisage.people.models import Merchant, Operator


class NodeKind(models.TextChoices):
    """What sort of place fulfils."""

    WAREHOUSE = "warehouse", _("warehouse")
    SHOP = "shop", _("shop")
    THREE_PL = "3pl", _("3PL")
    SUPPLIER = "supplier", _("dropship supplier")


class StockSource(models.TextChoices):
    """How a node's stock is known."""

    LEDGER = "ledger", _("our own ledger")
    MIRROR = "mirror", _("a partner’s snapshot")
    FEED = "feed", _("a supplier’s feed")
    UNLIMITED = "unlimited", _("not counted")


class Node(models.Model):
    """A place that can fulfil: own warehouse, shop, 3PL, supplier."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=NodeKind.choices, default=NodeKind.WAREHOUSE)
    source = models.CharField(max_length=10, choices=StockSource.choices, default=StockSource.LEDGER)
    address = models.JSONField(default=dict)  # line1, line2, postcode, city, region, country, phone
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    timezone = models.CharField(max_length=60, default="Europe/Paris")
    cutoff = models.TimeField(default="16:00")  # local: what is accepted before leaves today
    working_days = ArrayField(models.SmallIntegerField(), default=list)  # ISO, 1 is Monday; empty: Monday to Friday
    handling_cents = models.IntegerField(default=120)  # of one order, in the currency of its operator
    active = models.BooleanField(default=True)  # false: closed for good
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=120, blank=True, default="")
    gln = models.CharField(max_length=13, blank=True, default="")  # its number at GS1, for partners

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "code"], name="one_node_code"),
            models.UniqueConstraint(fields=["operator", "gln"], condition=~models.Q(gln=""), name="one_node_gln"),
        ]

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """A day on which a node does not work: a public holiday, an inventory."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "day"], name="one_closure")]


class DisruptionKind(models.TextChoices):
    """What does not work as it should."""

    NODE = "node", _("node")
    CARRIER = "carrier", _("carrier")
    LANE = "lane", _("destination")
    SUPPLIER = "supplier", _("supplier")


class DisruptionEffect(models.TextChoices):
    """What becomes of the orders that a disruption touches."""

    HOLD = "hold", _("hold them")
    REDATE = "redate", _("promise a later day")
    REROUTE = "reroute", _("send them another way, hold the others")


class DisruptionState(models.TextChoices):
    """Whether a disruption acts. Steps ask for the active ones only; the days are looked at by who turns them."""

    PLANNED = "planned", _("planned")
    ACTIVE = "active", _("under way")
    ENDED = "ended", pgettext_lazy("disruption", "over")


class Disruption(models.Model):
    """What does not work from one day to another, and what becomes of the orders it touches.

    Declared by a merchant for its own orders, or by an operator for all that its nodes send.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=DisruptionKind.choices)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    carrier = models.CharField(max_length=50, blank=True)  # its code; of a lane who does not go there, or none
    countries = ArrayField(models.CharField(max_length=2), default=list)  # of a lane: where nothing gets to
    prefixes = ArrayField(models.CharField(max_length=10), default=list)  # of a lane: how postcodes begin; none: all
    supplier_id = models.BigIntegerField(null=True)
    about = models.CharField(max_length=120)  # what people call it: the name of the node, the destinations
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day; null: until further notice
    longest_on = models.DateField(
        null=True
    )  # the latest last day since it began; null: until further notice, at some time
    effect = models.CharField(max_length=8, choices=DisruptionEffect.choices)
    delay_days = models.SmallIntegerField(null=True)  # by which promised days move
    tells = models.BooleanField(default=True)  # customers of the orders it touches
    cause = models.JSONField(default=dict)  # in words for people, by language
    state = models.CharField(max_length=8, choices=DisruptionState.choices, default=DisruptionState.PLANNED)
    declared_at = models.DateTimeField(db_default=Now())
    declared_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(operator__isnull=True) ^ models.Q(merchant__isnull=True), name="disruption_of_one"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="disruption_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["merchant", "-id"], name="disruptions_of_merchant"),
            models.Index(fields=["operator", "-id"], name="disruptions_of_operator"),
            models.Index(fields=["state"], name="disruptions_open", condition=~models.Q(state="ended")),
        ]

    def __str__(self) -> str:
        return self.about


class NodeService(models.Model):
    """A node serves a merchant; the lower the rank, the sooner it is chosen when stock is first held."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    rank = models.SmallIntegerField(default=10)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "merchant"], name="one_service")]


class ZoneKind(models.TextChoices):
    """What a zone is for."""

    STORAGE = "storage", _("storage")
    DOCK = "dock", _("receiving dock")
    BENCH = "bench", _("packing bench")
    HANDOVER = "handover", _("hand-over")
    RETURNS = "returns", _("returns")
    QUARANTINE = "quarantine", _("quarantine")


class StorageType(models.Model):
    """How goods have to be kept, and what a bin is made for; one list for the installation."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60, blank=True)  # of a type that is not in the list we ship

    def __str__(self) -> str:
        return self.code


class Zone(models.Model):
    """A part of a node, with one purpose."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=ZoneKind.choices, default=ZoneKind.STORAGE)
    storage = models.ForeignKey(StorageType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "code"], name="one_zone_code")]


class PlaceKind(models.TextChoices):
    """Where units can be. Only what lies in a bin can be sold; virtual places keep no balance."""

    BIN = "bin", _("bin")
    DOCK = "dock", _("receiving dock")
    TOTE = "tote", _("tote")
    BENCH = "bench", _("packing bench")
    HANDOVER = "handover", _("hand-over")
    RETURNS = "returns", _("returns desk")
    QUARANTINE = "quarantine", _("quarantine")
    TRANSIT = "transit", _("in transit")
    SUPPLIER = "supplier", _("supplier")
    CUSTOMER = "customer", _("customer")
    LOSS = "loss", _("loss")
    FOUND = "found", _("found")
    ASSEMBLY = "assembly", _("assembly")


VIRTUAL = (PlaceKind.SUPPLIER, PlaceKind.CUSTOMER, PlaceKind.LOSS, PlaceKind.FOUND, PlaceKind.ASSEMBLY)


class Place(models.Model):
    """A bin, another spot of a node where units stand, or a virtual place (one row of each kind, without a node)."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=PlaceKind.choices, default=PlaceKind.BIN)
    code = models.CharField(max_length=30)
    aisle = models.SmallIntegerField(default=0)
    x_mm = models.IntegerField(default=0)  # on the plan of the node, from the packing bench
    y_mm = models.IntegerField(default=0)
    level = models.SmallIntegerField(default=0)
    walk = models.IntegerField(default=0)  # position in the node's standing walk
    volume_mm3 = models.BigIntegerField(null=True, blank=True)  # capacity; null: no limit known
    max_grams = models.IntegerField(null=True, blank=True)
    storage = models.ForeignKey(  # null: its zone's
        StorageType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cross_dock = models.BooleanField(default=False)  # a bin near the bench for goods that go first
    active = models.BooleanField(default=True)
    blocked_why = models.CharField(max_length=120, blank=True, default="")  # of a bin that is not in use

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "code"], name="one_place_code", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(node__isnull=True, kind__in=VIRTUAL)
                | models.Q(node__isnull=False) & ~models.Q(kind__in=VIRTUAL),
                name="virtual_places_have_no_node",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["node", "walk", "id"], name="places_along_the_walk"),
            models.Index(  # the few among many bins
                fields=["kind", "node"], name="places_but_bins", condition=~models.Q(kind="bin")
            ),
            models.Index(fields=["node", "x_mm", "y_mm"], name="bins_of_a_bay", condition=models.Q(kind="bin")),
        ]

    def __str__(self) -> str:
        return self.code


class Stretch(models.Model):
    """Bays of a node's floor that are drawn at once. Kept by the database.

    `number` counts the stretches of a zone along the walk. A floor with few bays is one stretch, which has no zone.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+", db_index=False)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.IntegerField()
    walk = models.IntegerField()  # where it begins
    first = models.CharField(max_length=30)  # the code of its first bay, and of its last
    last = models.CharField(max_length=30)
    places = ArrayField(models.BigIntegerField())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "zone", "number"], name="one_stretch", nulls_distinct=False)
        ]


class ChannelKind(models.TextChoices):
    """How orders arrive."""

    SHOPIFY = "shopify", "Shopify"
    WOOCOMMERCE = "woocommerce", "WooCommerce"
    PRESTASHOP = "prestashop", "PrestaShop"
    AMAZON = "amazon", "Amazon"
    CUSTOM_STORE = "custom_store", _("ShipStation custom store")
    EDI = "edi", "EDI"
    FILE = "file", _("file")
    API = "api", "API"
    MANUAL = "manual", _("by hand")


class Channel(models.Model):
    """Where a merchant's orders come from."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=ChannelKind.choices)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    buffer = models.IntegerField(default=0)  # units of each SKU kept back from this channel
    may_owe = models.BooleanField(default=True)  # an order without stock is accepted and owed, else refused
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["merchant", "code"], name="one_channel_code")]

    def __str__(self) -> str:
        return self.name
