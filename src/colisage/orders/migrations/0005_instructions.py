import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_purchase_reference"), ("people", "0001_tables")]
    operations = [
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("node", "node"),
                            ("priority", "priority"),
                            ("packaging", "packaging"),
                            ("slip", "packing slip"),
                            ("service", "delivery service"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=300)),
                ("by_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.merchant",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "kind", "value"), name="one_instruction_of_a_kind_and_value"
                    )
                ]
            },
        ),
        Wall("orders_instruction"),
        SameMerchant("orders_instruction", column="order_id", target="orders_order"),
    ]
