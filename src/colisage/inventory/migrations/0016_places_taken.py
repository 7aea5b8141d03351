from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("inventory", "0015_published_mark"), ("catalog", "0002_walls")]
    operations = [
        migrations.RunSQL(
            (SQL / "places_taken.sql").read_text(encoding="utf-8"), "DROP FUNCTION colisage_places_taken(bigint[])"
        ),
    ]
