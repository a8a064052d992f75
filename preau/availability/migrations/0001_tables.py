import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import preau.availability.models
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='OpeningCalendar',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_calendars', to='accounts.organization')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_calendars', to='places.place')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                        ('built_until', models.DateField(null=True, verbose_name='calculé jusqu’au')),
                        ('facts', models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        'verbose_name': 'horaires d’ouverture',
                        'verbose_name_plural': 'horaires d’ouverture',
                    },
                ),
                migrations.CreateModel(
                    name='OpeningRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='availability.openingcalendar')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='rang')),
                        ('effect', models.CharField(choices=[('ouvert', 'Ouvert'), ('ferme', 'Fermé')], default='ouvert', max_length=10, verbose_name='effet')),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None, verbose_name='jours (0 = lundi)')),
                        ('start_minute', models.PositiveSmallIntegerField(verbose_name='de')),
                        ('end_minute', models.PositiveSmallIntegerField(verbose_name='à')),
                        ('when', models.CharField(choices=[('toujours', 'Toute l’année'), ('periode_scolaire', 'En période scolaire'), ('vacances', 'Pendant les vacances scolaires')], default='toujours', max_length=20, verbose_name='quand')),
                        ('not_on_public_holidays', models.BooleanField(default=False, verbose_name='sauf les jours fériés')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='à partir du')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='jusqu’au (inclus)')),
                    ],
                    options={
                        'verbose_name': 'règle d’ouverture',
                        'ordering': ['position', 'id'],
                        'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('calendar', 'position'), name='opening_rule_position'), models.CheckConstraint(condition=models.Q(('end_minute__lte', 2880), ('start_minute__lt', 1440), ('end_minute__gt', models.F('start_minute')), ('end_minute__lte', django.db.models.expressions.CombinedExpression(models.F('start_minute'), '+', models.Value(1440)))), name='opening_rule_hours', violation_error_message='L’heure de fin est après l’heure de début.'), models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='opening_rule_validity', violation_error_message='La date de fin suit la date de début.'), models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [0, 1, 2, 3, 4, 5, 6]), ('weekdays__len__gte', 1)), name='opening_rule_weekdays')],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningException',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exceptions', to='availability.openingcalendar')),
                        ('effect', models.CharField(choices=[('ouvert', 'Ouvert'), ('ferme', 'Fermé')], max_length=10, verbose_name='effet')),
                        ('first_day', models.DateField(verbose_name='du')),
                        ('last_day', models.DateField(verbose_name='au (inclus)')),
                        ('start_minute', models.PositiveSmallIntegerField(default=0, verbose_name='de')),
                        ('end_minute', models.PositiveSmallIntegerField(default=1440, verbose_name='à')),
                        ('reason', models.CharField(blank=True, max_length=160, verbose_name='motif')),
                    ],
                    options={
                        'verbose_name': 'ouverture ou fermeture exceptionnelle',
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='opening_exception_days', violation_error_message='La date de fin suit la date de début.'), models.CheckConstraint(condition=models.Q(('end_minute__gt', models.F('start_minute')), ('end_minute__lte', 1440)), name='opening_exception_hours', violation_error_message='L’heure de fin est après l’heure de début.')],
                    },
                ),
                migrations.CreateModel(
                    name='SpaceCalendar',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('space', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='opening', to='places.space')),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='availability.openingcalendar')),
                    ],
                ),
                migrations.CreateModel(
                    name='LocalSchoolHoliday',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='local_school_holidays', to='accounts.organization')),
                        ('name', models.CharField(max_length=80, verbose_name='nom')),
                        ('first_day', models.DateField(verbose_name='premier jour')),
                        ('last_day', models.DateField(verbose_name='dernier jour')),
                    ],
                    options={
                        'verbose_name': 'vacances scolaires saisies',
                        'verbose_name_plural': 'vacances scolaires saisies',
                        'ordering': ['first_day'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='local_school_holiday_days')],
                    },
                ),
                migrations.CreateModel(
                    name='Occupancy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occupancies', to='places.space')),
                        ('root', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.space')),
                        ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('departement_code', models.CharField(max_length=3, verbose_name='département')),
                        ('kind', models.CharField(choices=[('reservation', 'Réservation'), ('usage_propre', 'Usage du propriétaire'), ('fermeture', 'Fermeture'), ('permanence', 'Permanence')], max_length=20, verbose_name='nature')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='période')),
                        ('busy', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='période occupée')),
                        ('quantity', models.PositiveSmallIntegerField(default=1, verbose_name='nombre de postes')),
                        ('label', models.CharField(max_length=160, verbose_name='intitulé')),
                        ('holder_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('holder_organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('contact_name', models.CharField(blank=True, max_length=120, verbose_name='contact sur place')),
                        ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone du contact')),
                        ('hold_until', models.DateTimeField(null=True, verbose_name='retenu jusqu’à')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                        ('released_at', models.DateTimeField(null=True, verbose_name='libérée le')),
                    ],
                    options={
                        'verbose_name': 'occupation',
                        'indexes': [django.contrib.postgres.indexes.GistIndex(condition=models.Q(('released_at', None)), fields=['root', 'busy'], name='occupancy_root_busy'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('released_at', None)), fields=['place', 'period'], name='occupancy_place'), models.Index(condition=models.Q(('hold_until__isnull', False), ('released_at', None)), fields=['hold_until'], name='occupancy_live_holds')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('busy__contains', models.F('period'))), name='occupancy_busy_contains_period'), models.CheckConstraint(condition=models.Q(('period__isempty', False), ('period__endswith__isnull', False), ('period__startswith__isnull', False)), name='occupancy_period_not_empty'), models.CheckConstraint(condition=models.Q(models.Func(models.Func(models.F('period'), function='lower'), output_field=models.BooleanField(), template='mod(extract(epoch from %(expressions)s)::bigint, 900) = 0'), models.Func(models.Func(models.F('period'), function='upper'), output_field=models.BooleanField(), template='mod(extract(epoch from %(expressions)s)::bigint, 900) = 0')), name='occupancy_on_quarter_hours'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='occupancy_some')],
                    },
                ),
                migrations.CreateModel(
                    name='OccupiedUnit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('occupancy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='availability.occupancy')),
                        ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
                        ('root_id', models.BigIntegerField()),
                        ('departement_code', models.CharField(max_length=3)),
                        ('busy', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='période occupée')),
                    ],
                    options={
                        'verbose_name': 'unité occupée',
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('busy', '&&')], name='one_occupancy_per_unit_at_a_time', violation_error_message='Ce créneau vient d’être pris.'), models.CheckConstraint(condition=models.Q(('busy__isempty', False), ('busy__endswith__isnull', False), ('busy__startswith__isnull', False)), name='occupied_unit_busy_bounded')],
                    },
                ),
                migrations.CreateModel(
                    name='SpaceIndex',
                    fields=[
                        ('space', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='places.space')),
                        ('place_id', models.BigIntegerField()),
                        ('owner_id', models.BigIntegerField()),
                        ('departement_code', models.CharField(max_length=3)),
                        ('tile', models.IntegerField()),
                        ('latitude', models.FloatField()),
                        ('longitude', models.FloatField()),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='availability.openingcalendar')),
                        ('zone', models.CharField(max_length=40)),
                        ('capacity', models.PositiveIntegerField()),
                        ('kind', models.CharField(max_length=30)),
                        ('place_kind', models.CharField(max_length=30)),
                        ('equipment', models.BigIntegerField(default=0)),
                        ('is_accessible', models.BooleanField()),
                        ('price_from_cents', models.PositiveIntegerField(null=True)),
                        ('lanes', models.PositiveSmallIntegerField(default=1)),
                        ('min_minutes', models.PositiveSmallIntegerField()),
                        ('max_minutes', models.PositiveIntegerField()),
                        ('step_minutes', models.PositiveSmallIntegerField()),
                        ('lead_minutes', models.PositiveIntegerField()),
                        ('horizon_days', models.PositiveSmallIntegerField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['tile'], include=('space', 'owner_id', 'departement_code', 'latitude', 'longitude', 'zone', 'calendar', 'capacity', 'kind', 'place_kind', 'equipment', 'is_accessible', 'lanes', 'min_minutes', 'max_minutes', 'step_minutes', 'lead_minutes', 'horizon_days'), name='space_index_covering')],
                    },
                ),
                migrations.CreateModel(
                    name='SpaceDay',
                    fields=[
                        ('pk', models.CompositePrimaryKey('day', 'tile', 'space_id', 'lane', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('tile', models.IntegerField()),
                        ('space_id', models.BigIntegerField()),
                        ('lane', models.PositiveSmallIntegerField(default=0)),
                        ('departement_code', models.CharField(max_length=3)),
                        ('bits', preau.availability.models.BitField()),
                    ],
                ),
                migrations.CreateModel(
                    name='OpeningYear',
                    fields=[
                        ('pk', models.CompositePrimaryKey('calendar', 'year', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('calendar', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='availability.openingcalendar')),
                        ('year', models.PositiveSmallIntegerField()),
                        ('patterns', django.contrib.postgres.fields.ArrayField(base_field=preau.availability.models.BitField(), size=None)),
                        ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                    ],
                ),
                migrations.CreateModel(
                    name='IndexCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('started_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='commencée le')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='terminée le')),
                        ('repaired', models.BooleanField(verbose_name='corrigée')),
                        ('spaces', models.PositiveIntegerField(default=0, verbose_name='espaces')),
                        ('rows', models.PositiveBigIntegerField(default=0, verbose_name='journées d’espace')),
                        ('calendars', models.PositiveIntegerField(default=0, verbose_name='horaires')),
                        ('space_days', models.PositiveIntegerField(default=0, verbose_name='occupations')),
                        ('space_rows', models.PositiveIntegerField(default=0, verbose_name='fiches')),
                        ('opening_days', models.PositiveIntegerField(default=0, verbose_name='ouvertures')),
                        ('told', models.JSONField(default=list, verbose_name='premières différences')),
                    ],
                    options={
                        'verbose_name': 'vérification de l’index',
                        'verbose_name_plural': 'vérifications de l’index',
                        'indexes': [models.Index(fields=['started_at'], name='index_check_started')],
                    },
                ),
            ],
        ),
    ]
