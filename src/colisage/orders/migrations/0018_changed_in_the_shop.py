from django.db import migrations, models

KINDS = [
    ('address', 'address'), ('payment', 'payment'), ('unknown_sku', 'unknown SKU'), ('duplicate', 'possible duplicate'),
    ('money', 'amounts do not add up'), ('risk', 'risk'), ('disruption', 'disruption'), ('channel', 'held in the shop'),
    ('shop', 'change in the shop'), ('manual', 'by hand'),
]  # fmt: skip
TOLD = ('cancelled_in_shop', 'changed_in_shop', 'change_untaken', 'sent_elsewhere', 'lost_in_shop', 'cancel_asked')


def rename(apps, _schema):
    """Holds that a shop's message set were called set by hand."""
    apps.get_model('orders', 'Hold').objects.filter(kind='manual', reason__in=TOLD).update(kind='shop')


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0017_doorsteps'),
    ]

    operations = [
        migrations.AlterField(
            model_name='hold',
            name='kind',
            field=models.CharField(choices=KINDS, max_length=12),
        ),
        migrations.RunPython(rename, migrations.RunPython.noop),
    ]
