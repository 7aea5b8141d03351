"""The second wall between merchants: PostgreSQL row-level security.

Web processes act as the role `colisage_web`, workers as `colisage_worker`. The web role sees the rows of the
merchants and operators named by two settings local to its transaction; a missing setting shows nothing. The first
wall is the explicit `merchant` argument of every query.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from colisage.kit.rehearsal import is_rehearsal
from colisage.kit.statements import perform
from colisage.kit.together import together

WEB, WORKER = "colisage_web", "colisage_worker"

CREATE_ROLES = f"""
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['{WEB}', '{WORKER}'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server made it
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', wanted);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I', wanted);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', wanted);
    EXECUTE format(
      'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', wanted);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO %I', wanted);
  END LOOP;
END $$;

-- The merchants (operators) this transaction may see; an unset setting is an empty list.
CREATE OR REPLACE FUNCTION colisage_merchants() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(nullif(current_setting('colisage.merchants', true), ''), '{{}}')::bigint[] $$;
CREATE OR REPLACE FUNCTION colisage_operators() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(nullif(current_setting('colisage.operators', true), ''), '{{}}')::bigint[] $$;
"""

# In a condition, `BARE` reads a setting for every row that a scan looks at, `ONCE` once a statement.
BARE = re.compile(r"(?<!SELECT )\bcolisage_(merchants|operators)\(\)")
ONCE = r"((SELECT colisage_\1())::bigint[])"


class Wall(Operation):
    """Put a table behind the wall: forced row-level security for the web role, everything for workers.

    `seen` is the SQL condition under which the web role sees a row; by default its merchant must be among the
    transaction's merchants. What it says of `colisage_merchants()` and `colisage_operators()` is read once a statement.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, seen: str = "merchant_id = ANY (colisage_merchants())") -> None:
        self.table = table
        self.seen = seen

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Give what rebuilds this operation."""
        return self.__class__.__name__, [self.table], {"seen": self.seen}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: models do not know the wall."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Raise the wall."""
        schema_editor.execute(f'ALTER TABLE "{self.table}" ENABLE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{self.table}" FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'CREATE POLICY web ON "{self.table}" TO {WEB} USING ({BARE.sub(ONCE, self.seen)})')
        schema_editor.execute(f'CREATE POLICY worker ON "{self.table}" TO {WORKER} USING (true)')

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take the wall down."""
        schema_editor.execute(f'DROP POLICY IF EXISTS web ON "{self.table}"')
        schema_editor.execute(f'DROP POLICY IF EXISTS worker ON "{self.table}"')
        schema_editor.execute(f'ALTER TABLE "{self.table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{self.table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        """Say what this does."""
        return f"Row-level security on {self.table}"


class SameMerchant(Operation):
    """Make a foreign key composite: the row it points to must belong to the same merchant.

    `table.column` must name, together with `table.merchant_id`, a row of `target`. The Django field carries
    `db_constraint=False`: this constraint replaces its own.

    The server looks rows up by merchant and id, with a plan it keeps from the time when the table was almost empty and
    all its indexes with the merchant looked alike. Of such it takes the youngest: other indexes of a merchant are made
    before this key, with the table, and name him last where many rows are alike. Else all his rows may be read for
    each row that points there, until the statistics are renewed (ten thousand first orders took twice as long).
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, *, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Give what rebuilds this operation."""
        return self.__class__.__name__, [self.table], {"column": self.column, "target": self.target}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the Django field stays as it is."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the constraint, and the key it points to when the target does not have it yet."""
        schema_editor.execute(
            f'CREATE UNIQUE INDEX IF NOT EXISTS "{self.target}_merchant_key" ON "{self.target}" (merchant_id, id)'
        )
        schema_editor.execute(
            f'ALTER TABLE "{self.table}" ADD CONSTRAINT "{self.table}_{self.column}_same_merchant" '
            f'FOREIGN KEY (merchant_id, "{self.column}") REFERENCES "{self.target}" (merchant_id, id) '
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the constraint; the key stays, other tables may use it."""
        schema_editor.execute(f'ALTER TABLE "{self.table}" DROP CONSTRAINT "{self.table}_{self.column}_same_merchant"')

    def describe(self) -> str:
        """Say what this does."""
        return f"{self.table}.{self.column} stays within its merchant"


@contextmanager
def behind_the_wall(*, merchants: Iterable[int], operators: Iterable[int], hurried: bool = False) -> Iterator[None]:
    """Run a transaction as the web role, seeing only these merchants and operators.

    In a hurry, its statements travel `together`: worth it where they are few, and the next waits for the last.
    Inside another transaction (a test's) the view from before is restored at the end. A rehearsal is undone there.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(), together(ends=not nested) if hurried else nullcontext():
        before = _view() if nested else None
        _look(WEB, _array(merchants), _array(operators))
        yield
        if is_rehearsal():
            _undo()
        elif before:
            _look(*before)


def _undo() -> None:
    """Look whether what was done could be kept, then undo it; the view from before comes back with it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    transaction.set_rollback(True)


def _view() -> tuple[str, str, str]:
    """Give the role and the view of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), current_setting('colisage.merchants', true),"
            " current_setting('colisage.operators', true)"
        )
        role, merchants, operators = cursor.fetchone()
    return role, merchants or "", operators or ""


def _look(role: str, merchants: str, operators: str) -> None:
    """Set role and view for the rest of the transaction."""
    perform("kit", "look", [role, merchants, operators])


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(str(int(i)) for i in sorted(ids)) + "}"
