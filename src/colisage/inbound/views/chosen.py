"""Whose goods a page shows."""

from typing import Any


def merchants(request: Any) -> list[int]:
    """Give the merchant switched to, else all that the person sees."""
    return [request.merchant.id] if request.merchant else list(request.view.merchants)
