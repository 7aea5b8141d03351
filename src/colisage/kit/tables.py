"""Many tables, or many indexes, in one step of a migration.

Once the models of a state are rendered, Django renders a model anew, and all that are related to it, after each
operation. Everything here is related to the merchant, so an empty database took half a minute of that before it was
ready. An application's tables are therefore made by one operation, and rendered once.
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Create several models of an application at once; they may point to one another in any order."""

    reversible = True
    reduces_to_sql = True
    serialization_expand_args: ClassVar = ["operations"]

    def __init__(self, operations: Sequence[CreateModel]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Give what rebuilds this operation."""
        return self.__class__.__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add the models to a state that is not rendered; whoever needs it rendered does it once, afterwards."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Create the tables."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the tables."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what this does."""
        return f"Create {len(self.operations)} tables"


class DropIndexes(Operation):
    """Drop indexes that others of their tables make needless, of any application.

    `fields` are foreign keys ("app.model.field") that lose the index Django gives them, `indexes` those that a model
    names ("app.model.name"). Rendered models stay as they are: no column looks otherwise.
    """

    reversible = False
    reduces_to_sql = True

    def __init__(self, *, fields: Sequence[str] = (), indexes: Sequence[str] = ()) -> None:
        self.fields, self.indexes = list(fields), list(indexes)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Give what rebuilds this operation."""
        return self.__class__.__name__, [], {"fields": self.fields, "indexes": self.indexes}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Forget the indexes, and render nothing anew."""
        for app, model, name in map(_parts, self.fields):
            field = state.models[app, model].fields[name].clone()
            field.db_index = False
            state.models[app, model].fields[name] = field
        for app, model, name in map(_parts, self.indexes):
            options = state.models[app, model].options
            options["indexes"] = [index for index in options["indexes"] if index.name != name]

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop them."""
        for app, model, name in map(_parts, self.fields):
            known = to_state.apps.get_model(app, model)._meta  # noqa: SLF001 -- documented by Django
            named = {index.name for index in to_state.models[app, model].options.get("indexes", [])}
            for index in _alone_on(schema_editor, known.db_table, column=known.get_field(name).column):
                if index not in named:
                    schema_editor.execute(f'DROP INDEX "{index}"')
        for _app, _model, name in map(_parts, self.indexes):
            schema_editor.execute(f'DROP INDEX "{name}"')

    def describe(self) -> str:
        """Say what this does."""
        return f"Drop {len(self.fields) + len(self.indexes)} indexes"


def _parts(path: str) -> tuple[str, str, str]:
    app, model, name = path.split(".")
    return app, model, name


def _alone_on(schema_editor: BaseDatabaseSchemaEditor, table: str, *, column: str) -> Iterator[str]:
    """Give the indexes of a table that are on one column alone, and keep nothing unique."""
    with schema_editor.connection.cursor() as db:
        db.execute(
            "SELECT x.indexrelid::regclass::text FROM pg_index x"
            " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = %s"
            " WHERE x.indrelid = %s::regclass AND x.indnatts = 1 AND x.indkey[0] = a.attnum"
            " AND NOT x.indisunique AND x.indpred IS NULL",
            [column, table],
        )
        yield from [row[0] for row in db.fetchall()]
