from collections.abc import Sequence
from typing import Any

from django.db import transaction

from colisage.people.models import Merchant, ServiceContract


@transaction.atomic
def found_merchant(name: str, *, slug: str, operators: Sequence[int], **facts: Any) -> int:
    """Make a merchant and the contracts with the operators that work for it; give its id.

    `facts` are fields of `Merchant`: language, currency, country, timezone, email, address, brand.
    """
    merchant = Merchant.objects.create(name=name, slug=slug, **facts)
    ServiceContract.objects.bulk_create(ServiceContract(operator_id=pk, merchant=merchant) for pk in operators)
    return merchant.pk
