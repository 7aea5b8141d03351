from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "stretches.sql"
CUT = "SELECT colisage_cut_floors(array(SELECT id FROM network_node))"


class Migration(migrations.Migration):
    dependencies = [("network", "0007_stretches")]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(CUT, migrations.RunSQL.noop),
    ]
