from django.db import migrations

CREATE = """
-- Give true, or undo the transaction: something is not as whoever wrote it expected (`kit.expected`).
CREATE FUNCTION colisage_expect(boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF $1 THEN RETURN true; END IF;
  RAISE EXCEPTION 'not as expected' USING ERRCODE = '22C01';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_walls")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION colisage_expect(boolean)")]
