"""What the zones of a node are made for, and which of its bins hold the goods that go first."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.models import Node, Place, StorageType, Zone


class NotABin(Refused):
    """Only bins hold goods that may be sold."""

    code = "not_a_bin"
    text = _("These are not bins of this node: %(codes)s.")


@transaction.atomic
def equip_node(
    operator_id: int, *, node_id: int, zones: Mapping[int, int | None], cross_dock: Collection[str], actor: Actor
) -> None:
    """Give storage zones their storage type (None: ambient), and name the bins for goods that people wait for."""
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    if node is None or (
        set(zones.values())
        - {None}
        - set(StorageType.objects.filter(pk__in=[z for z in zones.values() if z]).values_list("pk", flat=True))
    ):
        raise NotThere
    wanted = {code.strip().upper() for code in cross_dock if code.strip()}
    bins = {
        code.upper(): pk
        for pk, code in Place.objects.filter(node=node, kind="bin", active=True).values_list("pk", "code")
    }
    if strange := sorted(wanted - set(bins)):
        raise NotABin(codes=", ".join(strange[:5]))
    for zone in Zone.objects.filter(node=node, kind="storage", pk__in=zones):
        if zone.storage_id != zones[zone.pk]:
            Zone.objects.filter(pk=zone.pk).update(storage_id=zones[zone.pk])
    first = [bins[code] for code in wanted]
    Place.objects.filter(node=node, kind="bin", cross_dock=True).exclude(pk__in=first).update(cross_dock=False)
    Place.objects.filter(pk__in=first, cross_dock=False).update(cross_dock=True)
    told = {"zones": {str(pk): storage for pk, storage in zones.items()}, "cross_dock": sorted(wanted)}
    record_deeds([Deed("node", node.pk, "node_equipped", told, operator_id=operator_id)], actor=actor)
