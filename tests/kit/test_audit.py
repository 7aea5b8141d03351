from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from colisage.kit.actors import SYSTEM, Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.models import AuditEntry
from colisage.kit.queries import deeds_on

pytestmark = pytest.mark.django_db
ADA = Actor("person", 7, "Ada", "192.0.2.1")


def test_a_deed_says_who_what_when_and_from_where() -> None:
    record_deeds([Deed("order", 17, "hold_set", {"kind": "address"}, merchant_id=3)], actor=ADA)
    entry = AuditEntry.objects.get()
    assert (entry.doc_kind, entry.doc_id, entry.verb, entry.data) == (
        "order",
        17,
        "hold_set",
        {"kind": "address"},
    )
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.address) == (
        "person",
        7,
        "Ada",
        "192.0.2.1",
    )
    assert entry.merchant_id == 3
    assert (datetime.now(UTC) - entry.at).total_seconds() < 60


def test_many_deeds_are_one_statement_and_none_are_none(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        record_deeds((Deed("order", n, "seen") for n in range(300)), actor=SYSTEM)
    with django_assert_num_queries(0):
        record_deeds([], actor=SYSTEM)


def test_the_timeline_of_a_document_begins_with_the_latest() -> None:
    record_deeds([Deed("order", 1, "a"), Deed("order", 2, "b"), Deed("order", 1, "c")], actor=SYSTEM)
    assert [entry.verb for entry in deeds_on("order", doc_id=1)] == ["c", "a"]
    assert [entry.verb for entry in deeds_on("order", doc_id=1, most=1)] == ["c"]


def test_the_audit_is_never_rewritten() -> None:
    record_deeds([Deed("order", 1, "a")], actor=SYSTEM)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(verb="b")


def test_a_name_that_is_too_long_is_cut_and_stops_nothing() -> None:
    record_deeds([Deed("order", 1, "a")], actor=Actor("key", 1, "n" * 400))
    assert AuditEntry.objects.get().actor_name == "n" * 150


def test_the_web_process_cannot_delete_from_the_audit() -> None:
    with connection.cursor() as db:
        db.execute("SELECT has_table_privilege('colisage_web', 'kit_auditentry', 'DELETE')")
        assert db.fetchone() == (False,)
