from django.db import migrations

from colisage.kit.walls import Wall


class Migration(migrations.Migration):
    dependencies = [("boxing", "0001_initial")]
    operations = [Wall("boxing_boxtype", seen="operator_id = ANY (colisage_operators())")]
