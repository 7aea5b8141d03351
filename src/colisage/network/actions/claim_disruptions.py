from collections.abc import Collection

from django.db import transaction

from colisage.kit.statements import ask


@transaction.atomic
def claim_disruptions(disruption_ids: Collection[int]) -> set[int]:
    """Keep disruptions from ending while the caller acts on orders for them; give those that do act now.

    Many may hold one at the same time. Whoever ends it waits for them, and frees what they held.
    """
    return {pk for (pk,) in ask("network", "claim_disruptions", [list(disruption_ids)])} if disruption_ids else set()
