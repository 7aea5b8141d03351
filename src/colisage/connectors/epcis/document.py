"""What the EPCIS doors take and give, as the document of the API shows it; GS1's schema judges what is sent."""

from datetime import datetime
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, field


class EpcisPlace(Struct, frozen=True, kw_only=True):
    """A place, by its URI."""

    id: str


class EpcisQuantity(Struct, frozen=True, kw_only=True, rename="camel"):
    """So much of a class of goods; without `uom` it is units."""

    epc_class: str
    quantity: float | UnsetType = UNSET
    uom: str | UnsetType = UNSET


class EpcisPaper(Struct, frozen=True, kw_only=True, rename="camel"):
    """A document that it was done for: its kind and its URI."""

    biz_transaction: str
    type: str | UnsetType = UNSET


class EpcisEvent(Struct, frozen=True, kw_only=True, rename="camel"):
    """An event of EPCIS 2.0: what, when, where and why. Further members of the standard, and extensions, may be there.

    `type` says which members name the goods: units by themselves (EPC) and amounts of a class.
    """

    type: str
    event_time: datetime
    event_time_zone_offset: str
    event_id: str | UnsetType = field(name="eventID", default=UNSET)
    record_time: datetime | UnsetType = UNSET
    action: Literal["ADD", "OBSERVE", "DELETE"] | UnsetType = UNSET
    epc_list: list[str] | UnsetType = UNSET
    quantity_list: list[EpcisQuantity] | UnsetType = UNSET
    parent_id: str | UnsetType = field(name="parentID", default=UNSET)
    child_epcs: list[str] | UnsetType = field(name="childEPCs", default=UNSET)
    child_quantity_list: list[EpcisQuantity] | UnsetType = UNSET
    input_epc_list: list[str] | UnsetType = field(name="inputEPCList", default=UNSET)
    input_quantity_list: list[EpcisQuantity] | UnsetType = UNSET
    output_epc_list: list[str] | UnsetType = field(name="outputEPCList", default=UNSET)
    output_quantity_list: list[EpcisQuantity] | UnsetType = UNSET
    transformation_id: str | UnsetType = field(name="transformationID", default=UNSET)
    biz_step: str | UnsetType = UNSET
    disposition: str | UnsetType = UNSET
    read_point: EpcisPlace | UnsetType = UNSET
    biz_location: EpcisPlace | UnsetType = UNSET
    biz_transaction_list: list[EpcisPaper] | UnsetType = UNSET


class EpcisList(Struct, frozen=True, kw_only=True, rename="camel"):
    """Events."""

    event_list: list[EpcisEvent]


class EpcisDocument(Struct, frozen=True, kw_only=True, rename="camel"):
    """A document of EPCIS 2.0 with events, valid against GS1's schema."""

    context: Any = field(name="@context")
    type: Literal["EPCISDocument"]
    schema_version: str
    creation_date: datetime
    epcis_body: EpcisList


class EpcisResults(Struct, frozen=True, kw_only=True, rename="camel"):
    """The events that a query found."""

    query_name: str
    results_body: EpcisList


class EpcisFound(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a query found."""

    query_results: EpcisResults


class EpcisQueryDocument(Struct, frozen=True, kw_only=True, rename="camel"):
    """The document that answers a query, as GS1's schema has it."""

    context: Any = field(name="@context")
    type: Literal["EPCISQueryDocument"]
    schema_version: str
    creation_date: datetime
    epcis_body: EpcisFound


class CaptureErrorOut(Struct, frozen=True, kw_only=True, rename="camel"):
    """Why an event, or a whole document (then `eventID` is empty), was not kept."""

    type: str
    title: str
    status: int
    detail: str
    event_id: str = field(name="eventID")
    code: str


class CaptureJobOut(Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of a document that was sent: how many events were captured or known already, and the errors.

    `captureErrorBehaviour` is `rollback` (all or nothing is kept) or `proceed` (what can be).
    """

    capture_id: str = field(name="captureID")
    created_at: datetime
    finished_at: datetime
    running: bool
    success: bool
    capture_error_behaviour: str
    captured: int
    known: int
    errors: list[CaptureErrorOut]


EVENT: Final = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "ObjectEvent",
    "eventID": "urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8",
    "eventTime": "2026-11-30T08:15:00Z",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "epcList": ["urn:epc:id:sscc:0614141.1234567890"],
    "readPoint": {"id": "urn:epc:id:sgln:0614141.00777.0"},
}
DOCUMENT: Final = {
    "@context": EVENT["@context"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-11-30T08:20:00Z",
    "epcisBody": {"eventList": [{name: value for name, value in EVENT.items() if name != "@context"}]},
}
