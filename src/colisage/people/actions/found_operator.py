from django.db import transaction

from colisage.people.models import Operator


@transaction.atomic
def found_operator(name: str, *, slug: str, timezone: str = "Europe/Paris", currency: str = "EUR") -> int:
    """Make an operator; give its id. What handling and packagings cost there is told in its currency."""
    return Operator.objects.create(name=name, slug=slug, timezone=timezone, currency=currency).pk
