from django.db import migrations

from colisage.kit.expected import CREATE


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_walls")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION colisage_expect(boolean)")]
