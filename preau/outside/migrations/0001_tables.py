import django.db.models.deletion
import preau.core.clock
import preau.core.schema
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='ServiceState',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('service', models.CharField(max_length=40, verbose_name='service')),
                        ('account', models.CharField(blank=True, max_length=80, verbose_name='compte')),
                        ('failures', models.PositiveIntegerField(default=0, verbose_name='échecs de suite')),
                        ('paused_until', models.DateTimeField(null=True, verbose_name='en pause jusqu’à')),
                        ('last_success_at', models.DateTimeField(null=True, verbose_name='dernier succès')),
                        ('last_failure_at', models.DateTimeField(null=True, verbose_name='dernier échec')),
                    ],
                    options={
                        'verbose_name': 'état d’un service',
                        'constraints': [models.UniqueConstraint(fields=('service', 'account'), name='outside_state_once'), models.CheckConstraint(condition=models.Q(('paused_until', None), ('failures__gt', 0), _connector='OR'), name='outside_paused_after_failures')],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceFailure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='troubles', to='outside.servicestate')),
                        ('trouble', models.CharField(choices=[('indisponible', 'Ne répond pas, ou répond autre chose que ce qui est convenu'), ('trop_de_demandes', 'Demande d’attendre : trop d’appels'), ('acces_refuse', 'Refuse la clé : absente, fausse, expirée ou insuffisante')], max_length=20, verbose_name='échec')),
                        ('what', models.CharField(max_length=120, verbose_name='ce qui s’est passé')),
                        ('at', models.DateTimeField(default=preau.core.clock.now, verbose_name='date')),
                    ],
                    options={
                        'verbose_name': 'échec d’un service',
                        'indexes': [models.Index(fields=['state', '-id'], name='outside_failures')],
                    },
                ),
                migrations.CreateModel(
                    name='CompanyCard',
                    fields=[
                        ('number', models.CharField(max_length=14, primary_key=True, serialize=False, verbose_name='SIREN ou SIRET')),
                        ('said', models.JSONField(default=dict)),
                        ('at', models.DateTimeField(verbose_name='lue le')),
                    ],
                    options={
                        'verbose_name': 'réponse de l’annuaire des entreprises',
                        'indexes': [models.Index(fields=['at'], name='outside_card_age')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('number__regex', '^[0-9]{9}([0-9]{5})?$')), name='outside_card_of_a_number')],
                    },
                ),
                migrations.CreateModel(
                    name='FieldSource',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject_type', models.CharField(max_length=60)),
                        ('subject_id', models.CharField(max_length=40)),
                        ('field', models.CharField(max_length=40, verbose_name='champ')),
                        ('source', models.CharField(max_length=40)),
                        ('said', models.CharField(max_length=400, verbose_name='ce que dit la source')),
                        ('at', models.DateTimeField(verbose_name='lue le')),
                        ('offered', models.CharField(blank=True, max_length=400, verbose_name='proposé')),
                        ('offered_at', models.DateTimeField(blank=True, null=True, verbose_name='proposé le')),
                    ],
                    options={
                        'verbose_name': 'provenance d’un champ',
                        'indexes': [models.Index(fields=['source', 'at'], name='outside_oldest_source')],
                        'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id', 'field'), name='outside_one_source'), models.CheckConstraint(condition=models.Q(models.Q(('offered', ''), ('offered_at', None)), models.Q(models.Q(('offered', ''), _negated=True), ('offered_at__isnull', False)), _connector='OR'), name='outside_offer_is_dated')],
                    },
                ),
            ],
        ),
    ]
