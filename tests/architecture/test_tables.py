"""Tables: foreign keys point down the ladder; rows of merchants and operators stand behind the wall."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

Key = models.ForeignKey[Any, Any]


def _models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if config.name.startswith("colisage."):
            yield from config.get_models()


def _keys() -> Iterator[tuple[type[models.Model], Key]]:
    for model in _models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                yield model, field


def _name(model: type[models.Model], field: Key) -> str:
    return f"{model._meta.label}.{field.name}"


def test_foreign_keys_point_down_the_ladder() -> None:
    height = {step: n for n, step in enumerate(settings.STEPS)}
    up = [
        _name(model, field)
        for model, field in _keys()
        if height[field.related_model._meta.app_label] > height[model._meta.app_label]
    ]
    assert not up


def test_nothing_disappears_with_a_row_of_another_step() -> None:
    loose = [
        _name(model, field)
        for model, field in _keys()
        for action in [field.remote_field.on_delete]
        if action is not models.PROTECT
        and not (action is models.CASCADE and field.related_model._meta.app_label == model._meta.app_label)
    ]
    assert not loose


def test_no_row_knows_who_points_at_it() -> None:
    assert not [_name(model, field) for model, field in _keys() if field.remote_field.related_name != "+"]


@pytest.mark.django_db
def test_every_row_of_a_merchant_or_operator_stands_behind_the_wall() -> None:
    open_to_all = {  # who may see these is what the wall itself is made from
        "people_servicecontract", "people_membership", "people_apikey",
    }  # fmt: skip
    more = {"connectors_connection": ("hook", "web", "worker")}  # seen by who knows the address of its messages
    with connection.cursor() as db:
        db.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " array(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
        )
        walls = {table: (forced, tuple(policies)) for table, forced, policies in db.fetchall()}
    bare = [
        model._meta.db_table
        for model in _models()
        if {"merchant_id", "operator_id", "node_id"} & {field.attname for field in model._meta.concrete_fields}
        and model._meta.db_table not in open_to_all
        and walls[model._meta.db_table] != (True, more.get(model._meta.db_table, ("web", "worker")))
    ]
    assert not bare


@pytest.mark.django_db
def test_every_table_of_ours_is_known_by_a_model() -> None:
    known = {model._meta.db_table for model in _models()} | {
        field.m2m_db_table() for model in _models() for field in model._meta.local_many_to_many
    }
    ours = tuple(f"{step}_" for step in settings.STEPS)
    assert not {t for t in connection.introspection.table_names() if t.startswith(ours)} - known


def test_whole_numbers_say_their_unit_or_count_something() -> None:
    bare = {
        "weight",
        "length",
        "width",
        "height",
        "price",
        "cost",
        "amount",
        "total",
        "duration",
        "volume",
        "distance",
    }
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.concrete_fields
        if field.name in bare
    ]
    assert not loose


def test_no_money_nor_measure_is_a_float() -> None:
    geography = {"latitude", "longitude"}
    floats = [
        f"{model._meta.label}.{field.name}"
        for model in _models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FloatField | models.DecimalField) and field.name not in geography
    ]
    assert not floats


@pytest.mark.django_db
def test_the_key_of_a_row_that_is_pointed_at_is_the_youngest_index_of_its_merchant() -> None:
    with connection.cursor() as db:
        db.execute(  # of two that look alike while a table is almost empty, the server takes the younger
            "SELECT DISTINCT x.indexrelid::regclass::text FROM pg_constraint k"
            " JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attname = 'merchant_id'"
            " JOIN pg_index x ON x.indrelid = k.confrelid AND x.indpred IS NULL AND x.indexrelid > k.conindid"
            " WHERE k.contype = 'f' AND cardinality(k.confkey) = 2 AND a.attnum = ANY (x.indkey::int2[])"
        )
        younger = [row[0] for row in db.fetchall()]
        db.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND cardinality(confkey) = 2")
        (keys,) = db.fetchone()
    assert keys > 100
    assert not younger, "make it with its table, or all rows of a merchant may be read for each that points there"


# These two look alike and are not: one has the nearest bins first, the other the farthest.
BESIDE = {"bins_farthest", "bins_nearest"}


@pytest.mark.django_db
def test_no_index_is_the_beginning_of_another() -> None:
    with connection.cursor() as db:
        db.execute(
            "SELECT a.indexrelid::regclass::text || ' <- ' || b.indexrelid::regclass::text"
            " FROM pg_index a JOIN pg_index b ON b.indrelid = a.indrelid AND b.indexrelid <> a.indexrelid"
            " JOIN pg_class t ON t.oid = a.indrelid AND t.relnamespace = 'public'::regnamespace"
            " JOIN pg_class i ON i.oid = a.indexrelid JOIN pg_am m ON m.oid = i.relam AND m.amname = 'btree'"
            " WHERE t.relname !~ '^(auth|axes|django|people_user|procrastinate)_' AND i.relname <> ALL (%s)"
            " AND NOT a.indisunique AND a.indexprs IS NULL AND a.indpred IS NULL AND b.indpred IS NULL"
            " AND (string_to_array(a.indkey::text, ' '))[1:a.indnkeyatts]"
            " = (string_to_array(b.indkey::text, ' '))[1:a.indnkeyatts]"
            " AND (string_to_array(a.indclass::text, ' '))[1:a.indnkeyatts]"
            " = (string_to_array(b.indclass::text, ' '))[1:a.indnkeyatts]",
            [list(BESIDE)],
        )
        needless = [row[0] for row in db.fetchall()]
    assert not needless, "every row that is written pays for it: say db_index=False of the key, or leave the index out"
