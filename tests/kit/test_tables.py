"""Many tables in one step of a migration."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from colisage.kit.tables import CreateTables

pytestmark = pytest.mark.django_db

# The first points to the second, which is not there yet, and the second to the first.
SHELF = migrations.CreateModel(
    "Shelf",
    [("id", models.BigAutoField(primary_key=True)), ("best", models.ForeignKey("kit.Book", models.PROTECT, null=True))],
)
BOOK = migrations.CreateModel(
    "Book",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("code", models.CharField(max_length=9)),
        ("shelf", models.ForeignKey("kit.Shelf", models.PROTECT)),
    ],
    options={"constraints": [models.UniqueConstraint(fields=["shelf", "code"], name="one_book")]},
)


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name in {"kit_shelf", "kit_book"}}


def test_tables_that_point_to_one_another_are_made_and_dropped_together() -> None:
    before, after = ProjectState(), ProjectState()
    assert after.apps.get_models() == []  # rendered already, as in the middle of a migration
    both = CreateTables([SHELF, BOOK])
    both.state_forwards("kit", after)
    with connection.schema_editor(atomic=False) as editor:
        both.database_forwards("kit", editor, before, after)
    assert tables() == {"kit_shelf", "kit_book"}
    with connection.cursor() as db:
        db.execute(
            "SELECT contype::text, count(*) FROM pg_constraint WHERE contype IN ('f', 'u')"
            " AND conrelid IN ('kit_shelf'::regclass, 'kit_book'::regclass) GROUP BY 1 ORDER BY 1"
        )
        assert db.fetchall() == [("f", 2), ("u", 1)]
    with connection.schema_editor(atomic=False) as editor:
        both.database_backwards("kit", editor, after, before)
    assert tables() == set()


def test_the_state_is_that_of_the_models_made_one_by_one() -> None:
    one_by_one, together = ProjectState(), ProjectState()
    for operation in (SHELF, BOOK):
        operation.state_forwards("kit", one_by_one)
    CreateTables([SHELF, BOOK]).state_forwards("kit", together)
    assert together == one_by_one
