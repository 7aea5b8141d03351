from django.db import migrations

from colisage.kit.walls import Wall

OF_OPERATOR = "operator_id = ANY (colisage_operators())"


class Migration(migrations.Migration):
    dependencies = [("boxing", "0001_tables")]
    operations = [
        Wall("boxing_boxtype", seen=OF_OPERATOR),
    ]
