import colisage.kit.tables
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        colisage.kit.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name="BoxType",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20)),
                        ("name", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("box", "box"), ("mailer", "mailer"), ("tube", "tube")],
                                default="box",
                                max_length=8,
                            ),
                        ),
                        ("inner_length_mm", models.IntegerField()),
                        ("inner_width_mm", models.IntegerField()),
                        ("inner_height_mm", models.IntegerField()),
                        ("outer_length_mm", models.IntegerField()),
                        ("outer_width_mm", models.IntegerField()),
                        ("outer_height_mm", models.IntegerField()),
                        ("empty_grams", models.IntegerField()),
                        ("max_grams", models.IntegerField()),
                        ("cost_cents", models.IntegerField(default=0)),
                        ("active", models.BooleanField(default=True)),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.operator"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("operator", "code"), name="one_box_code"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("empty_grams__gte", 0),
                                    ("inner_height_mm__gt", 0),
                                    ("inner_length_mm__gt", 0),
                                    ("inner_width_mm__gt", 0),
                                    ("max_grams__gt", models.F("empty_grams")),
                                    ("outer_height_mm__gte", models.F("inner_height_mm")),
                                    ("outer_length_mm__gte", models.F("inner_length_mm")),
                                    ("outer_width_mm__gte", models.F("inner_width_mm")),
                                ),
                                name="box_has_an_inside",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
