import django.contrib.postgres.fields
import django.db.models.deletion
import preau.core.clock
import preau.core.schema
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('agreements', '0002_guard_agreements_and_signatures'),
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Charter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charters', to='accounts.organization', verbose_name='tenue par')),
                        ('model', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='charter', to='agreements.model')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('purpose', models.TextField(max_length=2000, verbose_name='à quoi elle sert')),
                        ('label', models.CharField(max_length=80, verbose_name='label affiché')),
                        ('area_key', models.CharField(max_length=60, verbose_name='territoire')),
                        ('confirm_months', models.PositiveSmallIntegerField(default=12, verbose_name='à confirmer tous les (mois)')),
                        ('state', models.CharField(choices=[('brouillon', 'En préparation'), ('ouverte', 'Ouverte aux adhésions'), ('fermee', 'Fermée aux adhésions')], default='brouillon', max_length=10, verbose_name='état')),
                        ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='ouverte le')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                    ],
                    options={
                        'verbose_name': 'charte',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('keeper', 'name'), name='charter_name_once', violation_error_message='Une charte de votre structure porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('confirm_months__range', (1, 36))), name='charter_confirmed_within_three_years', violation_error_message='Une charte se confirme tous les 1 à 36 mois.'), models.CheckConstraint(condition=models.Q(models.Q(('opened_at', None), ('state', 'brouillon')), models.Q(models.Q(('state', 'brouillon'), _negated=True), ('opened_at__isnull', False)), _connector='OR'), name='charter_opened_is_dated')],
                    },
                ),
                migrations.CreateModel(
                    name='CharterAdhesion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('charter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adhesions', to='charters.charter')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('agreement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                        ('state', models.CharField(choices=[('en_signature', 'En cours de signature'), ('active', 'Adhésion en vigueur'), ('non_confirmee', 'Non confirmée, label retiré'), ('suspendue', 'Suspendue'), ('terminee', 'Terminée')], default='en_signature', max_length=15, verbose_name='état')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='demandée le')),
                        ('signed_on', models.DateField(blank=True, null=True, verbose_name='signée le')),
                        ('confirmed_on', models.DateField(blank=True, null=True, verbose_name='confirmée le')),
                        ('confirm_by', models.DateField(blank=True, null=True, verbose_name='à confirmer avant le')),
                        ('reminded_on', models.DateField(blank=True, null=True, verbose_name='rappelée le')),
                        ('note', models.TextField(blank=True, max_length=2000, verbose_name='ce que dit le lieu')),
                        ('ended_on', models.DateField(blank=True, null=True, verbose_name='terminée le')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                    ],
                    options={
                        'verbose_name': 'adhésion',
                        'ordering': ['place__name', 'id'],
                        'indexes': [models.Index(condition=models.Q(('state', 'active')), fields=['confirm_by'], name='charter_to_confirm')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('en_signature', 'active', 'non_confirmee', 'suspendue'))), fields=('charter', 'place'), name='charter_adhesion_one_live', violation_error_message='Ce lieu adhère déjà à cette charte.'), models.CheckConstraint(condition=models.Q(models.Q(('confirm_by', None), ('signed_on', None), ('state', 'en_signature')), ('state', 'terminee'), models.Q(('confirm_by__isnull', False), ('confirmed_on__isnull', False), ('signed_on__isnull', False), ('state__in', ('active', 'non_confirmee', 'suspendue'))), _connector='OR'), name='charter_adhesion_signed_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('state', 'terminee')), models.Q(models.Q(('state', 'terminee'), _negated=True), ('ended_on', None)), _connector='OR'), name='charter_adhesion_ended_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('suspendue', 'terminee')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='charter_adhesion_no_without_reason', violation_error_message='Donnez le motif : l’autre partie le lira.')],
                    },
                ),
                migrations.CreateModel(
                    name='Network',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization', verbose_name='tenu par')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('purpose', models.TextField(max_length=2000, verbose_name='à quoi il sert')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='fermé le')),
                    ],
                    options={
                        'verbose_name': 'réseau',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('keeper', 'name'), name='network_name_once', violation_error_message='Un réseau de votre structure porte déjà ce nom.')],
                    },
                ),
                migrations.CreateModel(
                    name='NetworkPlace',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('network', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='charters.network')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('state', models.CharField(choices=[('invite', 'Invité'), ('actif', 'Dans le réseau'), ('sorti', 'Sorti du réseau')], default='invite', max_length=10, verbose_name='état')),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None, verbose_name='jours (0 = lundi)')),
                        ('start_minute', models.PositiveSmallIntegerField(default=540, verbose_name='de')),
                        ('end_minute', models.PositiveSmallIntegerField(default=1080, verbose_name='à')),
                        ('price', models.CharField(choices=[('gratuit', 'Gratuit'), ('forfait', 'Prix d’une visite')], default='gratuit', max_length=10, verbose_name='prix')),
                        ('price_cents', models.PositiveIntegerField(default=0, verbose_name='prix d’une visite')),
                        ('visits_per_month', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='visites par mois')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='à savoir')),
                        ('invited_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='invité le')),
                        ('joined_on', models.DateField(blank=True, null=True, verbose_name='entré le')),
                        ('left_on', models.DateField(blank=True, null=True, verbose_name='sorti le')),
                    ],
                    options={
                        'verbose_name': 'lieu d’un réseau',
                        'ordering': ['place__name', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'sorti'), _negated=True), fields=('network', 'place'), name='network_place_one_live', violation_error_message='Ce lieu est déjà dans le réseau, ou invité.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'actif'), _negated=True), models.Q(('joined_on__isnull', False), ('weekdays__len__gte', 1)), _connector='OR'), name='network_place_welcomes', violation_error_message='Cochez au moins un jour d’accueil.'), models.CheckConstraint(condition=models.Q(('end_minute__gt', models.F('start_minute')), ('end_minute__lte', 1440)), name='network_place_hours', violation_error_message='L’heure de fin est après l’heure de début.'), models.CheckConstraint(condition=models.Q(models.Q(('price', 'gratuit'), ('price_cents', 0)), models.Q(('price', 'forfait'), ('price_cents__gte', 1)), _connector='OR'), name='network_place_price', violation_error_message='Écrivez le prix d’une visite, ou choisissez « gratuit ».')],
                    },
                ),
                migrations.CreateModel(
                    name='PlaceMember',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('invited_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='invité le')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepté le')),
                        ('until', models.DateField(verbose_name='jusqu’au (inclus)')),
                        ('ended_on', models.DateField(blank=True, null=True, verbose_name='terminé le')),
                    ],
                    options={
                        'verbose_name': 'membre d’un lieu',
                        'ordering': ['email', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('place', 'email'), name='place_member_one_live', violation_error_message='Cette personne est déjà membre, ou invitée.'), models.CheckConstraint(condition=models.Q(('accepted_at', None), ('user__isnull', False), _connector='OR'), name='place_member_accepted_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='Passage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='charters.placemember')),
                        ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='charters.networkplace')),
                        ('day', models.DateField(verbose_name='jour')),
                        ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'passage',
                        'ordering': ['-day', '-id'],
                        'constraints': [models.UniqueConstraint(fields=('member', 'host', 'day'), name='passage_once_a_day')],
                    },
                ),
            ],
        ),
    ]
