"""What every page knows: whose data it shows."""

from typing import Any

from django.http import HttpRequest

from colisage.people.middleware import NOTHING


def whose(request: HttpRequest) -> dict[str, Any]:
    """Give the templates the merchant switched to and those one may switch to."""
    view = getattr(request, "view", NOTHING)
    return {
        "merchant": getattr(request, "merchant", None),
        "merchants": list(view.merchants.values()),
        "operator": next(iter(view.operators.values()), None),
        "view": view,
    }
