import django.core.serializers.json
import django.db.models.deletion
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='AuditEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='date')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                        ('organization_id', models.BigIntegerField(null=True, verbose_name='structure au nom de laquelle')),
                        ('verb', models.CharField(max_length=60, verbose_name='action')),
                        ('subject_type', models.CharField(max_length=60, verbose_name='objet')),
                        ('subject_id', models.CharField(max_length=40, verbose_name='identifiant de l’objet')),
                        ('reason', models.TextField(blank=True, verbose_name='motif')),
                        ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='détails')),
                    ],
                    options={
                        'verbose_name': 'événement du journal',
                        'verbose_name_plural': 'journal',
                        'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='audit_subject')],
                    },
                ),
                migrations.CreateModel(
                    name='SentForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                        ('address', models.TextField(blank=True, verbose_name='adresse de la suite')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='date')),
                    ],
                    options={
                        'verbose_name': 'formulaire envoyé',
                        'verbose_name_plural': 'formulaires envoyés',
                    },
                ),
            ],
        ),
    ]
