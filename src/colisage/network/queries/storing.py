"""What bins are made for: storage types, capacities, and the way from the bench."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from colisage.kit.statements import ask
from colisage.kit.tabular.names import plain
from colisage.network.models import Place, StorageType, Zone

_SAID: Final = {
    "ambient": _("ambient"),
    "cold": _("cold"),
    "frozen": _("frozen"),
    "hazardous": _("hazardous"),
    "bulky": _("bulky"),
    "secure": _("locked up"),
}


@dataclass(frozen=True, slots=True)
class StoringBin:
    """A bin with what it is made for; capacity null where no limit is known."""

    id: int
    node_id: int
    code: str
    walk: int
    x_mm: int
    y_mm: int
    volume_mm3: int | None
    max_grams: int | None
    cross_dock: bool
    storage: str


def storing_bins(node_ids: Collection[int], *, place_ids: Collection[int]) -> list[StoringBin]:
    """Give those of places that are active bins of nodes, along the walk; one statement.

    A bin without a storage type of its own has its zone's.
    """
    return [
        StoringBin(*row) for row in ask("network", "storing_bins", {"nodes": list(node_ids), "places": list(place_ids)})
    ]


def keeps_hazardous(node_id: int) -> bool:
    """Say whether a node has a bin made for hazardous goods."""
    bins = Place.objects.filter(node=node_id, kind="bin", active=True)
    return (
        bins.annotate(stores=Coalesce("storage__code", "zone__storage__code", Value("ambient")))
        .filter(stores="hazardous")
        .exists()
    )


def storage_types() -> list[tuple[int, str, str]]:
    """Give the storage types: id, code, and its name in words."""
    return [(t.pk, t.code, storage_says(t.code, name=t.name)) for t in StorageType.objects.order_by("pk")]


def storage_named() -> dict[str, int]:
    """Give the storage types by what files call them, as `plain` writes it: the code, or the name in any language."""
    types = list(StorageType.objects.order_by("-pk"))
    found: dict[str, int] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {plain(storage_says(t.code, name=t.name)): t.pk for t in types}
    found |= {plain(t.code): t.pk for t in types}
    return found


def storage_says(code: str, *, name: str = "") -> str:
    """Name a storage type."""
    return str(_SAID.get(code, name or code))


@dataclass(frozen=True, slots=True)
class StoringZone:
    """A storage zone with what it is made for."""

    id: int
    node_id: int
    code: str
    storage_id: int | None


def storing_zones(node_ids: Collection[int]) -> list[StoringZone]:
    """Give the storage zones of nodes."""
    rows = Zone.objects.filter(node__in=node_ids, kind="storage").order_by("node_id", "code")
    return [StoringZone(*row) for row in rows.values_list("pk", "node_id", "code", "storage_id")]


def cross_dock_bins(node_ids: Collection[int]) -> dict[int, list[str]]:
    """Give the codes of the bins of nodes in which goods wait that go first."""
    found: dict[int, list[str]] = {pk: [] for pk in node_ids}
    rows = Place.objects.filter(node__in=node_ids, kind="bin", active=True, cross_dock=True)
    for node, code in rows.order_by("walk").values_list(F("node_id"), "code"):
        found[node].append(code)
    return found
