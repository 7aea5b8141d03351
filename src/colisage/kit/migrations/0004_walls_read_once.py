from django.db import migrations

from colisage.kit.walls import READ_ONCE


class Migration(migrations.Migration):
    dependencies = [("kit", "0003_photos")]
    operations = [migrations.RunSQL(READ_ONCE, migrations.RunSQL.noop)]
