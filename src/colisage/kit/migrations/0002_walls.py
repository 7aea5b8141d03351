from django.db import migrations

from colisage.kit.walls import Wall

MINE = "merchant_id = ANY (colisage_merchants())"


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [
        Wall("kit_event", seen=MINE),
        Wall("kit_parked", seen=MINE),
        Wall("kit_auditentry", seen=f"{MINE} OR operator_id = ANY (colisage_operators())"),
        Wall("kit_receipt", seen="merchants && colisage_merchants()"),
    ]
