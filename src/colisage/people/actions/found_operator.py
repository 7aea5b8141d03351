from django.db import transaction

from colisage.people.models import Operator


@transaction.atomic
def found_operator(name: str, *, slug: str, timezone: str = "Europe/Paris") -> int:
    """Make an operator; give its id."""
    return Operator.objects.create(name=name, slug=slug, timezone=timezone).pk
