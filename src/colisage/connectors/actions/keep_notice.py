"""A parcel that a shipping tool from outside says it sent."""

import hashlib
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from colisage.connectors.custom_store.mapping import NOTICE
from colisage.connectors.custom_store.serving import order_noticed
from colisage.connectors.xml_trees import NotXml, text, tree
from colisage.intake.actions.keep_messages import keep_messages
from colisage.intake.ports import Arrived
from colisage.kit.errors import Malformed, NotThere

FACTS = {"OrderNumber": "order_number", "Carrier": "carrier", "Service": "service", "TrackingNumber": "tracking_number"}


def keep_notice(merchant_id: int, *, channel_id: int, facts: Mapping[str, str], body: bytes, by_name: str) -> bool:
    """Keep a notice among the messages of its channel, where a person sees it; give whether it is news.

    The same order and number told again is the same parcel. What the address says stands where the notice says nothing.
    Raises `NotThere` for an order that is not of this channel, `Malformed` for what is no notice.
    """
    try:
        notice = tree(body) if body.strip() else Element("ShipNotice")
    except NotXml as fault:
        raise Malformed from fault
    if notice.tag != "ShipNotice":
        raise Malformed
    for name, called in FACTS.items():
        if not text(notice, name) and facts.get(called):
            SubElement(notice, name).text = facts[called][:300]
    order = order_noticed(
        merchant_id, channel_id=channel_id, number=text(notice, "OrderNumber"), order_id=text(notice, "OrderID")
    )
    if order is None:
        raise NotThere
    notice.set("ref", order.external_ref)
    number = hashlib.sha256(text(notice, "TrackingNumber").encode()).hexdigest()
    arrived = Arrived(key=f"notice:{order.pk}:{number}", body=bytes(tostring(notice, encoding="utf-8")), topic=NOTICE)
    kept = keep_messages(
        merchant_id, channel_id=channel_id, connector="custom_store", via="webhook", arrived=[arrived], by_name=by_name
    )
    return kept > 0
