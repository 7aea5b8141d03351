from django.db import migrations

from colisage.kit.walls import Wall

MINE = "operator_id IS NULL OR operator_id = ANY (colisage_operators())"


class Migration(migrations.Migration):
    dependencies = [("carriers", "0001_initial")]
    operations = [Wall("carriers_ratecard", seen=MINE)]
