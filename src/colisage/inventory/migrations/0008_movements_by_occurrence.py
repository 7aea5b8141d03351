from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_counts")]
    operations = [
        migrations.AddIndex(
            "stockmovement", BrinIndex(autosummarize=True, fields=["occurred_at"], name="movements_by_occurrence")
        ),
    ]
