from django.db import migrations

from colisage.kit.walls import SameMerchant, Wall


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("network", "0002_walls")]
    operations = [
        Wall("intake_importrun"),
        Wall("intake_refusedrow"),
        SameMerchant("intake_importrun", column="channel_id", target="network_channel"),
        SameMerchant("intake_refusedrow", column="run_id", target="intake_importrun"),
    ]
