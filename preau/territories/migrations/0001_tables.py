import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.lookups
import preau.core.schema
import preau.territories.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        django.contrib.postgres.operations.UnaccentExtension(
        ),
        django.contrib.postgres.operations.TrigramExtension(
        ),
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Region',
                    fields=[
                        ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='code')),
                        ('name', models.CharField(max_length=100, verbose_name='nom')),
                    ],
                    options={
                        'verbose_name': 'région',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='Departement',
                    fields=[
                        ('code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='code')),
                        ('name', models.CharField(max_length=100, verbose_name='nom')),
                        ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departements', to='territories.region')),
                        ('school_zone', models.CharField(choices=[('A', 'Zone A'), ('B', 'Zone B'), ('C', 'Zone C'), ('CORSE', 'Corse'), ('GUADELOUPE', 'Guadeloupe'), ('MARTINIQUE', 'Martinique'), ('GUYANE', 'Guyane'), ('REUNION', 'La Réunion'), ('MAYOTTE', 'Mayotte'), ('SAINT_PIERRE_ET_MIQUELON', 'Saint-Pierre-et-Miquelon'), ('SAINT_BARTHELEMY', 'Saint-Barthélemy'), ('SAINT_MARTIN', 'Saint-Martin'), ('WALLIS_ET_FUTUNA', 'Wallis-et-Futuna'), ('POLYNESIE', 'Polynésie française'), ('NOUVELLE_CALEDONIE', 'Nouvelle-Calédonie')], max_length=24, verbose_name='zone scolaire')),
                        ('time_zone', models.CharField(max_length=40, verbose_name='fuseau horaire')),
                    ],
                    options={
                        'verbose_name': 'département',
                        'ordering': ['code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('school_zone__in', ['A', 'B', 'C', 'CORSE', 'GUADELOUPE', 'MARTINIQUE', 'GUYANE', 'REUNION', 'MAYOTTE', 'SAINT_PIERRE_ET_MIQUELON', 'SAINT_BARTHELEMY', 'SAINT_MARTIN', 'WALLIS_ET_FUTUNA', 'POLYNESIE', 'NOUVELLE_CALEDONIE'])), name='departement_zone_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Epci',
                    fields=[
                        ('siren', models.CharField(max_length=9, primary_key=True, serialize=False, verbose_name='SIREN')),
                        ('name', models.CharField(max_length=200, verbose_name='nom')),
                        ('kind', models.CharField(choices=[('CC', 'Communauté de communes'), ('CA', 'Communauté d’agglomération'), ('CU', 'Communauté urbaine'), ('METRO', 'Métropole'), ('MET69', 'Métropole de Lyon')], max_length=5, verbose_name='nature')),
                        ('population', models.PositiveIntegerField(default=0, verbose_name='population municipale')),
                        ('departement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='epcis', to='territories.departement')),
                        ('active', models.BooleanField(default=True, verbose_name='en vigueur')),
                    ],
                    options={
                        'verbose_name': 'intercommunalité',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['CC', 'CA', 'CU', 'METRO', 'MET69'])), name='epci_kind_known'), models.CheckConstraint(condition=django.db.models.lookups.Regex(models.F('siren'), models.Value('^\\d{9}$')), name='epci_siren_digits')],
                    },
                ),
                migrations.CreateModel(
                    name='Commune',
                    fields=[
                        ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code INSEE')),
                        ('name', models.CharField(max_length=100, verbose_name='nom')),
                        ('search_key', models.CharField(editable=False, max_length=100)),
                        ('typo_keys', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), editable=False, size=None)),
                        ('departement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='communes', to='territories.departement')),
                        ('epci', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='communes', to='territories.epci')),
                        ('population', models.PositiveIntegerField(default=0, verbose_name='population municipale')),
                        ('latitude', models.FloatField(verbose_name='latitude')),
                        ('longitude', models.FloatField(verbose_name='longitude')),
                        ('hall_latitude', models.FloatField(blank=True, null=True, verbose_name='latitude de la mairie')),
                        ('hall_longitude', models.FloatField(blank=True, null=True, verbose_name='longitude de la mairie')),
                        ('postcodes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None, verbose_name='codes postaux')),
                        ('postcode_starts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), default=list, editable=False, size=None)),
                        ('school_zone', models.CharField(choices=[('A', 'Zone A'), ('B', 'Zone B'), ('C', 'Zone C'), ('CORSE', 'Corse'), ('GUADELOUPE', 'Guadeloupe'), ('MARTINIQUE', 'Martinique'), ('GUYANE', 'Guyane'), ('REUNION', 'La Réunion'), ('MAYOTTE', 'Mayotte'), ('SAINT_PIERRE_ET_MIQUELON', 'Saint-Pierre-et-Miquelon'), ('SAINT_BARTHELEMY', 'Saint-Barthélemy'), ('SAINT_MARTIN', 'Saint-Martin'), ('WALLIS_ET_FUTUNA', 'Wallis-et-Futuna'), ('POLYNESIE', 'Polynésie française'), ('NOUVELLE_CALEDONIE', 'Nouvelle-Calédonie')], max_length=24, verbose_name='zone scolaire')),
                        ('time_zone', models.CharField(max_length=40, verbose_name='fuseau horaire')),
                        ('official_email', models.EmailField(blank=True, default='', max_length=254, verbose_name='adresse électronique de la mairie')),
                        ('active', models.BooleanField(default=True, verbose_name='en vigueur')),
                    ],
                    options={
                        'verbose_name': 'commune',
                        'ordering': ['name', 'code'],
                        'indexes': [models.Index(django.contrib.postgres.indexes.OpClass(models.F('search_key'), name='varchar_pattern_ops'), name='commune_search_prefix'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('search_key'), name='gin_trgm_ops'), fastupdate=False, name='commune_search_trigram'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['typo_keys'], name='commune_typo_keys'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['postcodes'], name='commune_postcodes'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['postcode_starts'], name='commune_postcode_starts'), models.Index(fields=['-population'], name='commune_population'), models.Index(fields=['latitude', 'longitude'], name='commune_position')],
                        'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Regex(models.F('code'), models.Value('^\\d[\\dAB]\\d{3}$')), name='commune_code_insee'), models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='commune_position_on_earth'), models.CheckConstraint(condition=models.Q(models.Q(('hall_latitude__isnull', True), ('hall_longitude__isnull', True)), models.Q(('hall_latitude__isnull', False), ('hall_latitude__range', (-90, 90)), ('hall_longitude__isnull', False), ('hall_longitude__range', (-180, 180))), _connector='OR'), name='commune_hall_on_earth'), models.CheckConstraint(condition=models.Q(('school_zone__in', ['A', 'B', 'C', 'CORSE', 'GUADELOUPE', 'MARTINIQUE', 'GUYANE', 'REUNION', 'MAYOTTE', 'SAINT_PIERRE_ET_MIQUELON', 'SAINT_BARTHELEMY', 'SAINT_MARTIN', 'WALLIS_ET_FUTUNA', 'POLYNESIE', 'NOUVELLE_CALEDONIE'])), name='commune_zone_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Crte',
                    fields=[
                        ('code', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='identifiant')),
                        ('name', models.CharField(max_length=250, verbose_name='nom')),
                        ('departement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crtes', to='territories.departement', verbose_name='département')),
                        ('signed_on', models.DateField(blank=True, null=True, verbose_name='date de signature')),
                        ('active', models.BooleanField(default=True, verbose_name='en vigueur')),
                    ],
                    options={
                        'verbose_name': 'CRTE',
                        'verbose_name_plural': 'CRTE',
                        'ordering': ['name', 'code'],
                    },
                ),
                migrations.CreateModel(
                    name='CrteMembership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('crte', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='territories.crte')),
                        ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crte_memberships', to='territories.commune')),
                        ('since', models.DateField(verbose_name='depuis le')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='jusqu’au (exclu)')),
                    ],
                    options={
                        'verbose_name': 'commune d’un CRTE',
                        'verbose_name_plural': 'communes d’un CRTE',
                        'ordering': ['crte', 'commune', 'since'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='crte_membership_days_in_order', violation_error_message='Une commune ne peut pas quitter un CRTE avant d’y être entrée.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('commune', '='), (preau.territories.models.DateRange('since', 'until', django.contrib.postgres.fields.ranges.RangeBoundary()), '&&')], name='crte_membership_one_at_a_time', violation_error_message='Cette commune est déjà dans un CRTE à ces dates.')],
                    },
                ),
                migrations.CreateModel(
                    name='SchoolHoliday',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('zone', models.CharField(choices=[('A', 'Zone A'), ('B', 'Zone B'), ('C', 'Zone C'), ('CORSE', 'Corse'), ('GUADELOUPE', 'Guadeloupe'), ('MARTINIQUE', 'Martinique'), ('GUYANE', 'Guyane'), ('REUNION', 'La Réunion'), ('MAYOTTE', 'Mayotte'), ('SAINT_PIERRE_ET_MIQUELON', 'Saint-Pierre-et-Miquelon'), ('SAINT_BARTHELEMY', 'Saint-Barthélemy'), ('SAINT_MARTIN', 'Saint-Martin'), ('WALLIS_ET_FUTUNA', 'Wallis-et-Futuna'), ('POLYNESIE', 'Polynésie française'), ('NOUVELLE_CALEDONIE', 'Nouvelle-Calédonie')], max_length=24, verbose_name='zone scolaire')),
                        ('name', models.CharField(max_length=80, verbose_name='nom')),
                        ('first_day', models.DateField(verbose_name='premier jour')),
                        ('last_day', models.DateField(verbose_name='dernier jour')),
                    ],
                    options={
                        'verbose_name': 'vacances scolaires',
                        'verbose_name_plural': 'vacances scolaires',
                        'ordering': ['zone', 'first_day'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='school_holiday_days_in_order', violation_error_message='Le dernier jour ne peut pas précéder le premier.'), models.CheckConstraint(condition=models.Q(('zone__in', ['A', 'B', 'C', 'CORSE', 'GUADELOUPE', 'MARTINIQUE', 'GUYANE', 'REUNION', 'MAYOTTE', 'SAINT_PIERRE_ET_MIQUELON', 'SAINT_BARTHELEMY', 'SAINT_MARTIN', 'WALLIS_ET_FUTUNA', 'POLYNESIE', 'NOUVELLE_CALEDONIE'])), name='school_holiday_zone_known'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(preau.territories.models.DateRange('first_day', 'last_day', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True)), '&&'), ('zone', '=')], name='school_holiday_no_overlap', violation_error_message='D’autres vacances de cette zone couvrent déjà ces jours.')],
                    },
                ),
                migrations.CreateModel(
                    name='DataVersion',
                    fields=[
                        ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ('digest', models.CharField(max_length=64)),
                        ('loaded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        'verbose_name': 'version de données',
                    },
                ),
            ],
        ),
    ]
