from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.models import TagReader
from colisage.inventory.rules.tags import HOST, NotAHost
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import bins_of, nodes_by_id


class ReaderNameTaken(Refused):
    """Two readers of an operator have different names."""

    code = "reader_name_taken"
    text = _("There is a reader called %(name)s already.")


@transaction.atomic
def save_tag_reader(
    operator_id: int, *, node_id: int, name: str, host: str, port: int, place_code: str, actor: Actor
) -> int:
    """Add a reader to a node, for a bin or (without a code) for a gate; give its id."""
    node = nodes_by_id([node_id]).get(node_id)
    if node is None or node.operator_id != operator_id:
        raise NotThere
    if not HOST.fullmatch(host):
        raise NotAHost
    code = place_code.strip().upper()
    place = next((one.id for one in bins_of(node_id) if one.code.upper() == code), None)
    if code and place is None:
        raise NotThere
    if TagReader.objects.filter(operator_id=operator_id, name=name).exists():
        raise ReaderNameTaken(name=name)
    made = TagReader.objects.create(
        operator_id=operator_id, node_id=node_id, place_id=place, name=name, host=host, port=port
    )
    record_deeds([Deed("tag_reader", made.pk, "tag_reader_added", {}, operator_id=operator_id)], actor=actor)
    return made.pk
