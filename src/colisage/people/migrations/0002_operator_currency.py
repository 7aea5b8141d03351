from django.db import migrations, models

# An operator tells its costs in the money of the merchant it has worked for longest.
OF_MERCHANTS = """
UPDATE people_operator o SET currency = m.currency
FROM (SELECT DISTINCT ON (c.operator_id) c.operator_id, m.currency FROM people_servicecontract c
      JOIN people_merchant m ON m.id = c.merchant_id ORDER BY c.operator_id, c.id) m
WHERE m.operator_id = o.id
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables")]
    operations = [
        migrations.AddField("operator", "currency", models.CharField(default="EUR", max_length=3)),
        migrations.RunSQL(OF_MERCHANTS, migrations.RunSQL.noop),
    ]
