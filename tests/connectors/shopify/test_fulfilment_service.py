from django.test import Client

from colisage.connectors.models import Connection
from colisage.connectors.shopify.simulator import ShopifyShop


def test_a_signed_notice_has_the_shop_asked_and_another_is_refused(shop: ShopifyShop, connection: Connection) -> None:
    url = f"/hooks/shops/{connection.hook}/fulfillment_order_notification"
    body, headers = shop.signed(b'{"kind": "FULFILLMENT_REQUEST"}', topic="")
    client = Client(enforce_csrf_checks=True)
    assert client.post(url, body, content_type="application/json", headers=headers).status_code == 200
    assert client.post(url, b"{}", content_type="application/json", headers=headers).status_code == 401
    assert client.post(url.replace(connection.hook, "x"), body, content_type="application/json").status_code == 404
