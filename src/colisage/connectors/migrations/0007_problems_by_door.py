from django.db import migrations, models


class Migration(migrations.Migration):
    """What was noted before is not taken over: it is noted anew when the shop is called the next time."""

    dependencies = [
        ("connectors", "0006_looked_after"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="problems",
            field=models.JSONField(default=dict),
        ),
        migrations.RemoveField(model_name="connection", name="problem"),
        migrations.RemoveField(model_name="connection", name="problem_detail"),
        migrations.RemoveField(model_name="connection", name="problem_since"),
        migrations.RemoveField(model_name="connection", name="failures"),
    ]
