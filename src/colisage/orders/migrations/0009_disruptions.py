import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0003_disruptions"),
        ("orders", "0008_held_in_the_shop"),
        ("people", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="disruption",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="network.disruption",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("disruption__isnull", False)),
                fields=("disruption", "order"),
                name="one_hold_per_disruption",
            ),
        ),
    ]
