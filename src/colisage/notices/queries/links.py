"""The link by which a customer sees an order: signed, for half a year, without an account."""

from django.conf import settings
from django.core import signing

SALT = "colisage.portal.order"
SECONDS = 180 * 24 * 3600


def token_of(merchant_id: int, *, order_id: int) -> str:
    """Sign the way to an order: whoever holds it sees the order, nobody can make one."""
    return signing.dumps([merchant_id, order_id], salt=SALT, compress=False)


def read_link(token: str) -> tuple[int, int] | None:
    """Read (merchant id, order id) from a token; None when it is forged, damaged or too old."""
    try:
        merchant_id, order_id = signing.loads(token, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(merchant_id), int(order_id)


def url_of(merchant_id: int, *, order_id: int) -> str:
    """Give the whole address of an order's page for its customer."""
    return f"{settings.COLISAGE_URL}/portal/o/{token_of(merchant_id, order_id=order_id)}"
