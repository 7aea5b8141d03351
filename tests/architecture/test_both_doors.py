"""What people do on the pages of the desk, programs can do too; or it is said here why not.

A page that takes a form names the operation of the API that does the same, or stands among those that people alone do,
which `docs/how-to/use-the-api.md` tells. Both do it by the same actions. The pages of people, roles and keys (`people`)
and those of customers (`portal`) are no doors of programs at all.
"""

import ast
import json
from collections.abc import Iterator
from typing import Final

from colisage.desk.queries.reference import SUBJECTS
from tests.architecture.tree import PACKAGE, ROOT, parsed

APPS: Final = (
    "inventory", "inbound", "catalog", "network", "boxing", "carriers",
    "intake", "connectors", "automation", "disruptions", "desk", "picking", "packing", "shipping", "returns",
    "tracking", "notices",
)  # fmt: skip
BY_PROGRAMS: Final = {
    "stock-adjust": "adjust_stock",
    "channel-buffer": "set_buffers",
    "sku-preorder": "set_preorders",
    "sku-safety": "set_safety_stock",
    "safety": "set_safety_stock",
    "kit-assemble": "assemble_kits",
    "kit-disassemble": "disassemble_kits",
    "kit-floor": "list_kits",
    "kit-floor-one": "assemble_kits",
    "lots-status": "set_lot_status",
    "lot-expiry": "correct_expiry",
    "label-find": "get_sku_labels",
    "count-new": "ask_for_count",
    "count-limits": "save_count_limits",
    "count-decide": "decide_count",
    "count-cancel": "cancel_counts",
    "count-plans": "save_count_plans",
    "count-plan-now": "run_count_plan",
    "adjustment-reasons": "add_adjustment_reasons",
    "adjustment-reason-use": "use_adjustment_reasons",
    "move-floor": "move_stock",
    "cell-condition": "change_conditions",
    "condition-floor": "change_conditions",
    "plates-new": "make_plates",
    "plate-move": "move_plates",
    "plate-split": "move_stock",
    "plate-close": "close_plates",
    "tags-sent": "send_tags",
    "tag-read-settle": "settle_tag_read",
    "tag-reader-add": "add_tag_readers",
    "tag-reader-ask": "ask_tag_reader",
    "purchase-new": "post_purchase_order",
    "purchase-edit": "replace_purchase_order",
    "purchase-step": "move_purchase_order",
    "announcement-new": "post_announcements",
    "announcements-import": "post_announcements",
    "announcement-step": "move_announcement",
    "transfer-new": "send_transfer",
    "transfer-arrive": "receive_transfer",
    "transfer-settle": "settle_transfer",
    "productions": "receive_production",
    "statement-price": "price_consigned",
    "statement-close": "close_consignment_statement",
    "supplier-new": "save_suppliers",
    "supplier-edit": "replace_supplier",
    "supplier-sku": "save_supplier_skus",
    "supplier-sku-drop": "drop_supplier_skus",
    "receive": "receive_goods",
    "receive-order": "receive_goods",
    "receive-announcement": "receive_pallets",
    "delivery-papers": "note_papers",
    "delivery-finish": "finish_delivery",
    "receipt-undo": "undo_receipts",
    "receipt-photos": "add_receipt_photo",
    "checklist-new": "add_checklists",
    "checklist-end": "end_checklists",
    "inspect": "inspect_receipt",
    "exception-new": "set_aside",
    "exception-settle": "settle_set_aside",
    "supplier-return-new": "post_supplier_return",
    "supplier-return-step": "move_supplier_return",
    "supplier-return-photos": "add_supplier_return_photo",
    "put-away": "put_away",
    "put-away-one": "put_away",
    "put-away-plate": "put_plates_away",
    "put-away-unload": "unload_plates",
    "putaway-rules-save": "replace_putaway_rules",
    "putaway-equip": "equip_storage_zones",
    "putaway-store": "save_skus",
    "dock-policy-save": "replace_dock_policy",
    "catalogue-new": "save_skus",
    "catalogue-sku": "replace_sku",
    "catalogue-import": "save_skus",
    "node-new": "make_node",
    "node-edit": "replace_node",
    "node-shut": "close_node",
    "node-use-again": "open_node_again",
    "node-close": "close_days",
    "node-holidays": "close_holidays",
    "node-open": "open_days",
    "node-zone-new": "add_zones",
    "node-bin-new": "add_bins",
    "node-aisle-new": "add_aisle",
    "node-bin": "change_bins",
    "node-walk": "replace_walk",
    "bin-block": "block_bins",
    "bin-use": "use_bins",
    "channel-edit": "replace_channel",
    "box-new": "add_packagings",
    "box-edit": "replace_packaging",
    "box-use": "use_packagings",
    "rate-card": "date_rate_card",
    "rate-card-import": "load_rate_cards",
    "imports": "send_order_file",
    "import-columns": "choose_columns",
    "mapping": "replace_mapping",
    "mapping-remove": "remove_mapping",
    "order-new": "post_orders",
    "order-address": "settle_addresses",
    "shop-messages": "retry_messages",
    "shop-message-correct": "correct_message",
    "shop-ask": "ask_shop",
    "shop-try": "check_connection",
    "shop-errands": "retry_errands",
    "interchanges": "send_interchanges",
    "interchange": "take_interchange",
    "rule-new": "make_rule",
    "rule": "replace_rule",
    "rule-move": "move_rule",
    "rule-switch": "switch_rule",
    "watch": "replace_watch",
    "disruption-new": "declare_disruption",
    "disruption-change": "change_disruption",
    "disruption-end": "end_disruption",
    "holds-release": "release_holds",
    "order-hold": "hold_orders",
    "order-free": "release_orders",
    "order-cancel": "cancel_orders",
    "order-change": "change_order",
    "order-split": "split_fulfillment_orders",
    "order-together": "merge_orders",
    "order-apart": "unmerge_orders",
    "order-pull": "pull_orders",
    "order-address-ask": "ask_addresses",
    "orders-bulk": "tag_orders",
    "turns": "replace_turns",
    "recall-stop": "stop_unshipped",
    "recall-withdraw": "set_lot_status",
    "picking-release": "release_wave",
    "picking-take": "take_batch",
    "picking-scan": "confirm_picks",
    "picking-short": "confirm_picks",
    "put-back": "put_units_back",
    "put-back-one": "put_units_back",
    "put-back-missing": "write_off_put_backs",
    "packing-scan": "check_parcel",
    "packing-count": "check_parcel",
    "packing-box": "change_parcel_box",
    "packing-seal": "seal_parcels",
    "shipping-request": "request_shipments",
    "shipping-again": "retry_shipments",
    "shipping-void": "void_shipments",
    "shipping-print": "note_labels_printed",
    "shipping-reprint": "get_labels_pdf",
    "shipping-hand-over": "hand_over_shipments",
    "return-new": "request_return",
    "return-approve": "approve_return",
    "return-refuse": "refuse_return",
    "return-on-table": "receive_return",
    "return-judge": "inspect_return",
    "return-finish": "finish_return",
    "return-refund": "decide_refund",
    "return-paid": "pay_refund",
    "return-policy": "replace_return_policy",
    "message-again": "send_mails_again",
    "webhooks": "make_webhook",
    "webhook": "replace_webhook",
    "webhook-switch": "switch_webhook",
    "webhook-renew": "renew_webhook_secret",
    "webhook-remove": "remove_webhook",
    "webhook-test": "test_webhook",
    "webhook-replay": "replay_webhook",
    "webhook-call-again": "replay_webhook_calls",
}
LOOK: Final = "it looks for what was scanned and changes nothing: programs read lists"
OWN: Final = "views that are saved, and who has taken a hold, are a person’s own"
REACHED: Final = "a key that said how shops are reached could have orders told elsewhere"
BY_PEOPLE_ALONE: Final = {
    "count-floor": "who counts is a person: a second one counts again",
    "count-begin": "who counts is a person: a second one counts again",
    "count-bin": "who counts is a person: a second one counts again",
    "count-note": "who counts is a person: a second one counts again",
    "count-finish": "who counts is a person: a second one counts again",
    "count-leave": "who counts is a person: a second one counts again",
    "floor": LOOK,
    "packing-station": LOOK,
    "returns-table": LOOK,
    "picking-skip": "a walk is walked by a person; programs say in any order what was taken",
    "shops": REACHED,
    "shop": REACHED,
    "holds-take": OWN,
    "view-save": OWN,
    "view-change": OWN,
    "view-remove": OWN,
    "stuck-retry": "who takes up news that got stuck has looked at what is wrong",
    "stuck-skip": "who takes up news that got stuck has looked at what is wrong",
    "recall-customers": "the audit says who took the list of names and addresses",
    "recall-report": "the audit says who took the list of names and addresses",
    "numbering": "a scanner is tried by hand",
    "numbering-edit": "set once: numbers given a second time label two pallets alike",
}


# No pages: other programs call them, each in words of its own.
OF_OTHER_PROGRAMS: Final = {"custom-store", "service-notice", "shop-hook", "tracking-webhook"}


def _takes_a_form(node: ast.FunctionDef) -> bool:
    """Say whether a view takes POST, by its decorators."""
    for one in node.decorator_list:
        if isinstance(one, ast.Name) and one.id == "require_POST":
            return True
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "require_http_methods":
            return any(isinstance(part, ast.Constant) and part.value == "POST" for part in ast.walk(one))
    return False


def _pages(app: str) -> Iterator[str]:
    """Give the names of the pages of an app that take a form."""
    takes = {
        ("views" if path.stem == "__init__" else path.stem, node.name)
        for path in (*(PACKAGE / app).glob("views.py"), *(PACKAGE / app / "views").glob("*.py"))
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and _takes_a_form(node)
    }
    for node in ast.walk(parsed(PACKAGE / app / "urls.py")):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "path"):
            continue
        view = node.args[1]
        assert isinstance(view, ast.Attribute), ast.dump(view)
        assert isinstance(view.value, ast.Name), ast.dump(view)
        if (view.value.id, view.attr) in takes:
            yield from (str(ast.literal_eval(word.value)) for word in node.keywords if word.arg == "name")


PAGES: Final = {page for app in APPS for page in _pages(app)}


def test_the_pages_are_found() -> None:
    assert {"stock-adjust", "receive", "numbering-edit", "node-new", "order-cancel", "picking-scan"} <= PAGES


def test_a_page_that_takes_a_form_has_its_operation_or_a_reason() -> None:
    assert not set(BY_PROGRAMS) & set(BY_PEOPLE_ALONE)
    assert set(BY_PROGRAMS) | set(BY_PEOPLE_ALONE) | OF_OTHER_PROGRAMS == PAGES


def test_the_operations_that_pages_name_are_there() -> None:
    document = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
    doors = {door["operationId"] for methods in document["paths"].values() for door in methods.values()}
    assert set(BY_PROGRAMS.values()) <= doors


def test_every_subject_of_the_api_has_a_name() -> None:
    document = json.loads((ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8"))
    tags = {tag for methods in document["paths"].values() for door in methods.values() for tag in door["tags"]}
    assert tags <= set(SUBJECTS)
