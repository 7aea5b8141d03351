from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
# What the database itself keeps right, and refuses.
FILES = (
    "triggers.sql",
    "lots.sql",
    "freeze.sql",
    "plates.sql",
    "availability_changed.sql",
    "places_taken.sql",
    "bin_rooms.sql",
    "lacking.sql",
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_walls")]
    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
