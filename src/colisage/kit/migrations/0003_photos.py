import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("merchant_id", models.BigIntegerField()),
                ("doc_kind", models.CharField(max_length=30)),
                ("doc_id", models.BigIntegerField()),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.IntegerField()),
                ("width_px", models.IntegerField()),
                ("height_px", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"indexes": [models.Index(fields=["doc_kind", "doc_id", "id"], name="photos_of_document")]},
        ),
        Wall("kit_photo"),
    ]
