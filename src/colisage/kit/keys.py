"""Foreign keys that are checked a statement at a time.

PostgreSQL checks a foreign key row by row: a query for each, nine for an order of two lines, a third of what the
server does to take a batch of a thousand. `KeysAtOnce` promises the same of a table that many rows enter at once, and
asks once a statement, which looks each row that is pointed to up by its id and locks it `FOR KEY SHARE`, as the server
does. Decision 0043 says what differs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from colisage.kit.walls import SameMerchant

# A plan for a table that was empty when it was made would read all of it later: an index is always taken.
_AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off"

_WRITTEN = """
CREATE FUNCTION {name}_made() RETURNS trigger {owner} AS $$
DECLARE missing bigint;
BEGIN
{checks}
  RETURN NULL;
END $$;
CREATE TRIGGER {name}_made AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION {name}_made();
"""

_CHECK = """
  SELECT m."{column}" INTO missing FROM made m
  WHERE m."{column}" IS NOT NULL
    AND NOT EXISTS (SELECT FROM "{target}" t WHERE t.id = m."{column}"{same_made} FOR KEY SHARE)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a row of {table} points to {target} %, which is not there{of_merchant}', missing
      USING ERRCODE = 'foreign_key_violation', TABLE = '{table}', COLUMN = '{column}', CONSTRAINT = '{constraint}';
  END IF;
"""

_CHANGED = """
CREATE FUNCTION {name}_changed() RETURNS trigger {owner} AS $$
BEGIN
  PERFORM FROM "{target}" t WHERE t.id = NEW."{column}"{same_new} FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a row of {table} points to {target} %, which is not there{of_merchant}', NEW."{column}"
      USING ERRCODE = 'foreign_key_violation', TABLE = '{table}', COLUMN = '{column}', CONSTRAINT = '{constraint}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {name}_changed AFTER UPDATE OF {whose}"{column}" ON "{table}" FOR EACH ROW
  WHEN (NEW."{column}" IS NOT NULL AND (NEW."{column}" IS DISTINCT FROM OLD."{column}"{merchant_changed}))
  EXECUTE FUNCTION {name}_changed();

CREATE FUNCTION {name}_kept() RETURNS trigger {owner} AS $$
BEGIN
  IF EXISTS (SELECT FROM "{table}" c WHERE c."{column}" = OLD.id{same_old}) THEN
    RAISE EXCEPTION 'rows of {table} still point to {target} %', OLD.id
      USING ERRCODE = 'foreign_key_violation', TABLE = '{table}', COLUMN = '{column}', CONSTRAINT = '{constraint}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER {name}_kept AFTER DELETE ON "{target}" FOR EACH ROW EXECUTE FUNCTION {name}_kept();
CREATE TRIGGER {name}_stays AFTER UPDATE OF id{and_merchant} ON "{target}" FOR EACH ROW
  WHEN (NEW.id IS DISTINCT FROM OLD.id{merchant_changed}) EXECUTE FUNCTION {name}_kept();
"""


class KeysAtOnce(Operation):
    """Check keys of a table a statement at a time, where the server checks them row by row until now.

    `keys` are columns that point to rows of the same merchant, by the table they point to; they take the place of a
    `SameMerchant` each. `shared` are columns that point to what belongs to no merchant, whose field says
    `db_constraint=False` from now on.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, keys: Mapping[str, str], shared: Mapping[str, str] | None = None) -> None:
        self.table, self.keys, self.shared = table, dict(keys), dict(shared or {})

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        """Give what rebuilds this operation."""
        return self.__class__.__name__, [self.table], {"keys": self.keys, "shared": self.shared}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the Django fields stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the triggers, then drop the constraints whose place they take."""
        said = [self._said(column) for column in (*self.keys, *self.shared)]
        checks = "".join(_CHECK.format(**one) for one in said)
        schema_editor.execute(
            _WRITTEN.format(name=f"colisage_keys_{self.table}", owner=_AS_OWNER, table=self.table, checks=checks),
            params=None,
        )
        for one in said:
            schema_editor.execute(_CHANGED.format(**one), params=None)
        for column in self.keys:
            schema_editor.execute(f'ALTER TABLE "{self.table}" DROP CONSTRAINT "{self.table}_{column}_same_merchant"')

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Let the server check row by row again."""
        for column, target in self.keys.items():
            SameMerchant(self.table, column=column, target=target).database_forwards(
                app_label, schema_editor, from_state, to_state
            )
        schema_editor.execute(f"DROP FUNCTION colisage_keys_{self.table}_made() CASCADE")
        for one in map(self._said, (*self.keys, *self.shared)):
            schema_editor.execute(f"DROP FUNCTION {one['name']}_changed() CASCADE")
            schema_editor.execute(f"DROP FUNCTION {one['name']}_kept() CASCADE")

    def describe(self) -> str:
        """Say what this does."""
        return f"Keys of {self.table} are checked a statement at a time"

    def _said(self, column: str) -> dict[str, str]:
        same = column in self.keys
        return {
            "name": f"colisage_keys_{self.table}_{column}",
            "owner": _AS_OWNER,
            "table": self.table,
            "column": column,
            "target": self.keys[column] if same else self.shared[column],
            "constraint": f"{self.table}_{column}_same_merchant" if same else f"{self.table}_{column}",
            "of_merchant": " for its merchant" if same else "",
            "whose": "merchant_id, " if same else "",
            "and_merchant": ", merchant_id" if same else "",
            "same_made": " AND t.merchant_id = m.merchant_id" if same else "",
            "same_new": " AND t.merchant_id = NEW.merchant_id" if same else "",
            "same_old": " AND c.merchant_id = OLD.merchant_id" if same else "",
            "merchant_changed": " OR NEW.merchant_id IS DISTINCT FROM OLD.merchant_id" if same else "",
        }
