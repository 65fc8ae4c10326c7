import django.db.models.deletion
from django.db import migrations, models

from outreach.privacy.row_security import append_only


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_follow_up_origin")]

    operations = [
        migrations.AddField(
            model_name='institution',
            name='closed_on',
            field=models.DateField(blank=True, help_text='the first day it is closed', null=True),
        ),
        migrations.AddField(
            model_name='institution',
            name='register_type',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.CreateModel(
            name='BoundaryImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=120)),
                ('as_of', models.DateField(help_text='the day the boundaries are from')),
                ('display_name', models.CharField(max_length=120)),
                ('file_sha256', models.CharField(max_length=64)),
                ('coordinate_system', models.CharField(max_length=20)),
                ('rows', models.PositiveIntegerField()),
                ('counts', models.JSONField(default=dict)),
                ('imported_by_name', models.CharField(max_length=200)),
                ('imported_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ParishBoundary',
            fields=[
                ('parish', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='boundary', serialize=False, to='registry.parish')),
                ('shape', models.BinaryField()),
                ('outline', models.JSONField()),
                ('area_km2', models.FloatField()),
                ('west', models.FloatField()),
                ('south', models.FloatField()),
                ('east', models.FloatField()),
                ('north', models.FloatField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='boundaries', to='registry.boundaryimport')),
            ],
        ),
        migrations.CreateModel(
            name='ReferenceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('row_key', models.CharField(max_length=40)),
                ('action', models.CharField(choices=[('added', 'Oprettet'), ('changed', 'Ændret')], max_length=10)),
                ('changes', models.JSONField(default=dict)),
                ('origin', models.CharField(max_length=200)),
                ('by_name', models.CharField(max_length=200)),
                ('user_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('municipality', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.municipality')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['table', 'row_key', '-at'], name='reference_change_of_row')],
            },
        ),
        append_only("registry_referencechange"),
    ]
