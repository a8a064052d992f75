import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import preau.core.clock
import preau.core.schema
import preau.timetables.models.needs
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('agreements', '0002_guard_agreements_and_signatures'),
        ('availability', '0002_settle_the_planner'),
        ('places', '0001_tables'),
        ('territories', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Timetable',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timetables', to='accounts.organization')),
                        ('area_key', models.CharField(max_length=40, verbose_name='territoire')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('first_day', models.DateField(verbose_name='du')),
                        ('last_day', models.DateField(verbose_name='au (inclus)')),
                        ('cycle', models.PositiveSmallIntegerField(choices=[(1, 'Toutes les semaines se ressemblent'), (2, 'Semaines impaires et semaines paires diffèrent')], default=1, verbose_name='rythme')),
                        ('in_school_holidays', models.BooleanField(default=False, verbose_name='aussi pendant les vacances scolaires')),
                        ('on_public_holidays', models.BooleanField(default=False, verbose_name='aussi les jours fériés')),
                        ('earliest', models.PositiveSmallIntegerField(default=480, verbose_name='pas avant, en minutes')),
                        ('latest', models.PositiveSmallIntegerField(default=1140, verbose_name='pas après, en minutes')),
                        ('radius_km', models.PositiveSmallIntegerField(default=10, verbose_name='rayon, en kilomètres')),
                        ('least_share', models.PositiveSmallIntegerField(default=90, verbose_name='part des semaines libres, en %')),
                        ('session_worth', models.PositiveIntegerField(default=1000, verbose_name='ce que vaut une permanence')),
                        ('half_day_cost', models.PositiveIntegerField(default=500, verbose_name='coût d’une demi-journée')),
                        ('minute_cost', models.PositiveIntegerField(default=5, verbose_name='coût d’une minute de route')),
                        ('state', models.CharField(choices=[('brouillon', 'Brouillon'), ('en_calcul', 'En calcul'), ('proposee', 'Proposée'), ('publiee', 'Publiée'), ('en_essai', 'En essai'), ('arretee', 'Arrêtée')], default='brouillon', max_length=12, verbose_name='état')),
                        ('is_trial', models.BooleanField(default=False, verbose_name='à l’essai')),
                        ('review_on', models.DateField(blank=True, null=True, verbose_name='bilan le')),
                        ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                        ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='arrêtée le')),
                        ('stop_reason', models.CharField(blank=True, max_length=300, verbose_name='pourquoi')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                    ],
                    options={
                        'verbose_name': 'grille des permanences',
                        'verbose_name_plural': 'grilles des permanences',
                        'ordering': ['-created_at', '-id'],
                        'indexes': [models.Index(fields=['organization', '-id'], name='timetable_of_organization')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='timetable_season', violation_error_message='La date de fin suit la date de début.'), models.CheckConstraint(condition=models.Q(('latest__gt', models.F('earliest')), ('latest__lte', 1440)), name='timetable_hours', violation_error_message='L’heure de fin est après l’heure de début.'), models.CheckConstraint(condition=models.Q(('least_share__range', (10, 100))), name='timetable_share'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state__in', ['publiee', 'en_essai'])), models.Q(('state__in', ['publiee', 'en_essai']), _negated=True), _connector='OR'), name='timetable_published_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'en_essai'), _negated=True), ('review_on__isnull', False), _connector='OR'), name='timetable_trial_has_a_review', violation_error_message='Un essai a une date de bilan.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'arretee'), ('stopped_at__isnull', False)), models.Q(models.Q(('state', 'arretee'), _negated=True), ('stopped_at', None)), _connector='OR'), name='timetable_stopped_is_dated')],
                    },
                ),
                migrations.CreateModel(
                    name='Mediator',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mediators', to='timetables.timetable')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('provider_name', models.CharField(blank=True, max_length=160, verbose_name='structure')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=preau.timetables.models.needs.working_days, size=None, verbose_name='jours (0 = lundi)')),
                        ('part', models.CharField(choices=[('indifferent', 'Matin ou après-midi'), ('matin', 'Le matin'), ('apres_midi', 'L’après-midi')], default='indifferent', max_length=12, verbose_name='moment')),
                        ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.commune')),
                        ('most_from_base', models.PositiveSmallIntegerField(default=60, verbose_name='minutes depuis la base')),
                        ('most_places', models.PositiveSmallIntegerField(default=1, verbose_name='lieux par demi-journée')),
                        ('most_travel', models.PositiveSmallIntegerField(default=30, verbose_name='minutes de route entre les lieux')),
                    ],
                    options={
                        'verbose_name': 'médiateur',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('timetable', 'name'), name='mediator_once', violation_error_message='Un médiateur porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('most_places__range', (1, 10))), name='mediator_places', violation_error_message='De 1 à 10 lieux par demi-journée.')],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceNeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='timetables.timetable')),
                        ('provider', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('provider_name', models.CharField(max_length=160, verbose_name='structure')),
                        ('signatory_name', models.CharField(blank=True, max_length=120, verbose_name='qui signe')),
                        ('signatory_capacity', models.CharField(blank=True, max_length=120, verbose_name='en qualité de')),
                        ('signatory_email', models.EmailField(blank=True, max_length=254, verbose_name='son adresse')),
                        ('label', models.CharField(max_length=160, verbose_name='service')),
                        ('family', models.CharField(choices=[('public_social', 'Services publics et sociaux'), ('essentiel', 'Services privés essentiels (banque, poste, téléphonie…)'), ('vie', 'Services de la vie (santé, droit, associations…)'), ('travailleurs', 'Services aux travailleurs'), ('formation_projets', 'Formation, machines, appui aux projets')], default='public_social', max_length=20, verbose_name='famille')),
                        ('theme', models.CharField(blank=True, max_length=120, verbose_name='thème')),
                        ('sessions', models.PositiveSmallIntegerField(default=1, verbose_name='permanences')),
                        ('minutes', models.PositiveSmallIntegerField(default=180, verbose_name='durée, en minutes')),
                        ('priority', models.PositiveSmallIntegerField(default=3, verbose_name='priorité')),
                        ('capacity', models.PositiveSmallIntegerField(default=1, verbose_name='personnes à accueillir')),
                        ('equipment', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='équipement')),
                        ('needs_closed_room', models.BooleanField(default=False, verbose_name='pièce fermée (confidentialité)')),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=preau.timetables.models.needs.working_days, size=None, verbose_name='jours (0 = lundi)')),
                        ('part', models.CharField(choices=[('indifferent', 'Matin ou après-midi'), ('matin', 'Le matin'), ('apres_midi', 'L’après-midi')], default='indifferent', max_length=12, verbose_name='moment')),
                        ('mediator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='needs', to='timetables.mediator')),
                    ],
                    options={
                        'verbose_name': 'besoin',
                        'ordering': ['provider_name', 'label', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('timetable', 'provider_name', 'label'), name='need_once', violation_error_message='Ce service de cette structure figure déjà ici.'), models.CheckConstraint(condition=models.Q(('minutes__range', (30, 360)), django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('minutes'), '%%', models.Value(15)), 0)), name='need_length', violation_error_message='De 30 minutes à 6 heures, par quarts d’heure.'), models.CheckConstraint(condition=models.Q(('sessions__range', (1, 20))), name='need_sessions', violation_error_message='De 1 à 20 permanences.'), models.CheckConstraint(condition=models.Q(('priority__range', (1, 5))), name='need_priority', violation_error_message='La priorité va de 1 à 5.')],
                    },
                ),
                migrations.CreateModel(
                    name='Candidate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='timetables.timetable')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.space')),
                        ('is_closed_room', models.BooleanField(default=False, verbose_name='pièce fermée')),
                    ],
                    options={
                        'verbose_name': 'espace envisagé',
                        'ordering': ['space__place__name', 'space__name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('timetable', 'space'), name='candidate_once', violation_error_message='Cet espace est déjà dans la liste.')],
                    },
                ),
                migrations.CreateModel(
                    name='Session',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='timetables.timetable')),
                        ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='timetables.serviceneed')),
                        ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='timetables.candidate')),
                        ('day', models.PositiveSmallIntegerField(verbose_name='jour')),
                        ('start', models.PositiveSmallIntegerField(verbose_name='début, en minutes')),
                        ('is_pinned', models.BooleanField(default=False, verbose_name='épinglée')),
                        ('source', models.CharField(choices=[('calcul', 'Proposée par le calcul'), ('main', 'Placée à la main')], default='calcul', max_length=10, verbose_name='origine')),
                    ],
                    options={
                        'verbose_name': 'permanence',
                        'ordering': ['day', 'start', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('need', 'candidate', 'day', 'start'), name='session_once', violation_error_message='Ce service est déjà là à cette heure.'), models.CheckConstraint(condition=models.Q(('day__lt', 14)), name='session_day'), models.CheckConstraint(condition=models.Q(('start__lt', 1440), django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('start'), '%%', models.Value(15)), 0)), name='session_on_quarter_hours', violation_error_message='Les horaires vont de quart d’heure en quart d’heure.')],
                    },
                ),
                migrations.CreateModel(
                    name='Forbidding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forbiddings', to='timetables.timetable')),
                        ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forbiddings', to='timetables.serviceneed')),
                        ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.place')),
                        ('half_day', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='demi-journée')),
                    ],
                    options={
                        'verbose_name': 'interdiction',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('need', 'place', 'half_day'), name='forbidding_once', nulls_distinct=False, violation_error_message='C’est déjà interdit.'), models.CheckConstraint(condition=models.Q(('place__isnull', False), ('half_day__isnull', False), _connector='OR'), name='forbidding_of_something')],
                    },
                ),
                migrations.CreateModel(
                    name='Run',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='timetables.timetable')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                        ('words', models.CharField(max_length=80, verbose_name='comment')),
                        ('seed', models.PositiveIntegerField(default=0)),
                        ('state', models.CharField(choices=[('en_attente', 'En attente'), ('en_cours', 'En cours'), ('terminee', 'Terminée'), ('arretee', 'Arrêtée à votre demande'), ('echouee', 'Interrompue')], default='en_attente', max_length=12, verbose_name='état')),
                        ('asked_seconds', models.PositiveSmallIntegerField(default=0, verbose_name='secondes demandées')),
                        ('seconds', models.FloatField(default=0, verbose_name='secondes')),
                        ('value', models.BigIntegerField(default=0, verbose_name='valeur')),
                        ('bound', models.FloatField(default=0, verbose_name='borne')),
                        ('improvements', models.PositiveIntegerField(default=0, verbose_name='améliorations')),
                        ('stop_asked', models.BooleanField(default=False, verbose_name='arrêt demandé')),
                        ('sittings', models.JSONField(default=list)),
                        ('from_version', models.PositiveIntegerField(default=0)),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='lancée le')),
                        ('started_at', models.DateTimeField(null=True, verbose_name='commencée le')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='finie le')),
                    ],
                    options={
                        'verbose_name': 'calcul',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(fields=('timetable', 'number'), name='run_number'), models.UniqueConstraint(condition=models.Q(('state__in', ['en_attente', 'en_cours'])), fields=('timetable',), name='one_run_at_a_time', violation_error_message='Un calcul est déjà en cours.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['en_attente', 'en_cours'])), models.Q(models.Q(('state__in', ['en_attente', 'en_cours']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='run_ended_is_dated')],
                    },
                ),
                migrations.CreateModel(
                    name='Hosting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('timetable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hostings', to='timetables.timetable')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hostings', to='places.place')),
                        ('state', models.CharField(choices=[('demandee', 'Demande envoyée'), ('acceptee', 'Acceptée'), ('refusee', 'Refusée'), ('terminee', 'Terminée')], max_length=10, verbose_name='état')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='motif')),
                        ('skipped', models.JSONField(default=list, verbose_name='dates laissées')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='demandée le')),
                        ('decided_at', models.DateTimeField(null=True, verbose_name='répondue le')),
                    ],
                    options={
                        'verbose_name': 'accueil de permanences',
                        'ordering': ['place__name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('timetable', 'place'), name='hosting_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'demandee')), models.Q(models.Q(('state', 'demandee'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='hosting_decided_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refusee'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='hosting_refusal_has_reason', violation_error_message='Un refus est motivé.')],
                    },
                ),
                migrations.CreateModel(
                    name='Residency',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('hosting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='residencies', to='timetables.hosting')),
                        ('need', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='residencies', to='timetables.serviceneed')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.space')),
                        ('day', models.PositiveSmallIntegerField(verbose_name='jour')),
                        ('start', models.PositiveSmallIntegerField(verbose_name='début, en minutes')),
                        ('minutes', models.PositiveSmallIntegerField(verbose_name='durée, en minutes')),
                    ],
                    options={
                        'verbose_name': 'permanence publiée',
                        'ordering': ['day', 'start', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('hosting', 'need', 'space', 'day', 'start'), name='residency_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ResidencyDate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('residency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dates', to='timetables.residency')),
                        ('occupancy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='residency_date', to='availability.occupancy')),
                    ],
                ),
                migrations.CreateModel(
                    name='HostingAgreement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('hosting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='timetables.hosting')),
                        ('provider_name', models.CharField(max_length=160, verbose_name='structure')),
                        ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                        ('missing', models.JSONField(default=list, verbose_name='ce qui manque')),
                    ],
                    options={
                        'verbose_name': 'convention de permanences',
                        'ordering': ['provider_name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('hosting', 'provider_name'), name='hosting_agreement_once')],
                    },
                ),
            ],
        ),
    ]
