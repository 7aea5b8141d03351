from django.db import connection, transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere
from colisage.kit.statements import statement


@transaction.atomic
def open_account(operator_id: int, *, carrier_code: str, connector: str, actor: Actor) -> None:
    """Let an operator buy a carrier's labels through a connector; harmless when repeated. Raises `NotThere`."""
    with connection.cursor() as db:
        values: dict[str, int | str] = {"operator": operator_id, "carrier": carrier_code, "connector": connector}
        db.execute(statement("shipping", "open_account"), values)
        if not db.rowcount:
            raise NotThere
    deed = Deed("operator", operator_id, "carrier_account_opened", {"carrier": carrier_code}, operator_id=operator_id)
    record_deeds([deed], actor=actor)
