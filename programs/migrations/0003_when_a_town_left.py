from django.db import migrations, models


def write_when_it_left(apps, schema_editor):
    withdrawn = apps.get_model("programs", "Partnership").objects.filter(state="withdrawn")
    withdrawn.update(left_at=models.F("answered_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0002_joint_programmes'),
    ]

    operations = [
        migrations.AddField(
            model_name='partnership',
            name='left_at',
            field=models.DateTimeField(blank=True, help_text='When it last left; kept while it is asked again, empty once it is back.', null=True),
        ),
        migrations.RunPython(write_when_it_left, migrations.RunPython.noop),
    ]
