"""The notice of a parcel as the protocol writes it."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from colisage.connectors.custom_store.client import written
from colisage.connectors.custom_store.mapping import BY_SKU
from colisage.connectors.ports import ShipmentTold


def notice(told: ShipmentTold, *, number: str, lines: Sequence[tuple[str, int]]) -> bytes:
    """Write the notice of one parcel; `lines` are (line, units) in it."""
    root = Element("ShipNotice")
    for name, value in (
        ("OrderNumber", told.external_ref),
        ("LabelCreateDate", written(told.shipped_at)),
        ("ShipDate", told.shipped_at.strftime("%m/%d/%Y")),
        ("Carrier", told.carrier),
        ("Service", ""),
        ("TrackingNumber", number),
    ):
        SubElement(root, name).text = value
    items = SubElement(root, "Items")
    for ref, units in lines:
        item = SubElement(items, "Item")
        sku = ref.removeprefix(BY_SKU).partition("#")[0] if ref.startswith(BY_SKU) else ""
        for name, value in (("SKU", sku), ("LineItemID", "" if sku else ref), ("Quantity", str(units))):
            if value:
                SubElement(item, name).text = value
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
