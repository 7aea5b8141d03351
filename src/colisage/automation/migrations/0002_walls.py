from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall

SAME_MERCHANT = (
    ("automation_rulerun", "rule_id", "automation_rule"),
    ("automation_rulerun", "order_id", "orders_order"),
)


class Migration(migrations.Migration):
    dependencies = [("automation", "0001_tables"), ("orders", "0002_walls")]
    operations = [
        *[Wall(f"automation_{table}") for table in ("rule", "rulerun")],
        *[SameMerchant(table, column=column, target=target) for table, column, target in SAME_MERCHANT],
    ]
