import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import preau.capacity.models.summaries
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('places', '0001_tables'),
        ('territories', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='PlannedChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacity_changes', to='places.place')),
                        ('day', models.DateField(verbose_name='jour du changement')),
                        ('label', models.CharField(max_length=160, verbose_name='ce qui a changé')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='noté le')),
                    ],
                    options={
                        'verbose_name': 'changement suivi',
                        'verbose_name_plural': 'changements suivis',
                        'ordering': ['-day', '-id'],
                        'constraints': [models.UniqueConstraint(fields=('place', 'day', 'label'), name='planned_change_once', violation_error_message='Ce changement est déjà noté à cette date.'), models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='planned_change_named')],
                    },
                ),
                migrations.CreateModel(
                    name='EmissionFactor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('grams_per_km', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='g CO₂e par kilomètre')),
                        ('since', models.DateField(unique=True, verbose_name='en vigueur depuis le')),
                        ('source', models.CharField(max_length=250, verbose_name='source')),
                        ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='saisi le')),
                    ],
                    options={
                        'verbose_name': 'facteur d’émission',
                        'verbose_name_plural': 'facteurs d’émission',
                        'ordering': ['-since'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('grams_per_km__gt', 0)), name='emission_factor_positive', violation_error_message='Le facteur est plus grand que zéro.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='emission_factor_sourced')],
                    },
                ),
                migrations.CreateModel(
                    name='CapacityMonth',
                    fields=[
                        ('pk', models.CompositePrimaryKey('departement_code', 'month', 'space_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('departement_code', models.CharField(max_length=3, verbose_name='département')),
                        ('month', models.DateField(verbose_name='mois')),
                        ('space_id', models.BigIntegerField(verbose_name='espace')),
                        ('place_id', models.BigIntegerField(verbose_name='lieu')),
                        ('owner_id', models.BigIntegerField(verbose_name='propriétaire')),
                        ('commune_id', models.CharField(max_length=5, verbose_name='commune')),
                        ('parts', models.PositiveSmallIntegerField(verbose_name='parties ou postes')),
                        ('square_metres', models.FloatField(null=True, verbose_name='m² des parties réservables')),
                        ('clock_minutes', models.PositiveIntegerField()),
                        ('open_minutes', models.PositiveIntegerField(verbose_name='minutes d’ouverture')),
                        ('used_minutes', models.PositiveIntegerField(verbose_name='minutes occupées')),
                        ('useful_minutes', models.PositiveIntegerField(verbose_name='minutes libres utiles')),
                        ('grid', models.BinaryField()),
                    ],
                    options={
                        'verbose_name': 'capacité d’un espace par mois',
                        'indexes': [models.Index(fields=['owner_id', 'month'], name='capacity_month_owner')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('month', preau.capacity.models.summaries._MonthField(models.F('month')))), name='capacity_month_first_day'), models.CheckConstraint(condition=models.Q(('open_minutes__gte', django.db.models.expressions.CombinedExpression(models.F('used_minutes'), '+', models.F('useful_minutes')))), name='capacity_month_adds_up')],
                    },
                ),
                migrations.CreateModel(
                    name='CapacityArea',
                    fields=[
                        ('pk', models.CompositePrimaryKey('level', 'code', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('level', models.CharField(choices=[('commune', 'Commune'), ('departement', 'Département')], max_length=12)),
                        ('code', models.CharField(max_length=5)),
                        ('month', models.DateField(verbose_name='mois')),
                        ('departement_code', models.CharField(max_length=3, verbose_name='département')),
                        ('spaces', models.PositiveIntegerField(verbose_name='espaces')),
                        ('places', models.PositiveIntegerField(verbose_name='lieux')),
                        ('opened', models.PositiveIntegerField(verbose_name='espaces ouverts au moins une heure')),
                        ('without_surface', models.PositiveIntegerField(verbose_name='espaces de surface inconnue')),
                        ('grids', models.BinaryField()),
                    ],
                    options={
                        'verbose_name': 'capacité d’un territoire par mois',
                        'indexes': [models.Index(fields=['departement_code', 'month'], name='capacity_area_departement')],
                    },
                ),
                migrations.CreateModel(
                    name='CapacityRun',
                    fields=[
                        ('departement_code', models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name='département')),
                        ('finished_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='terminé le')),
                        ('first_month', models.DateField(verbose_name='premier mois')),
                        ('last_month', models.DateField(verbose_name='dernier mois')),
                        ('spaces', models.PositiveIntegerField(verbose_name='espaces')),
                        ('written', models.PositiveIntegerField(verbose_name='mois d’espace écrits')),
                    ],
                    options={
                        'verbose_name': 'calcul de la capacité',
                    },
                ),
                migrations.CreateModel(
                    name='FailedSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='jour de la recherche')),
                        ('commune', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='territories.commune')),
                        ('departement_code', models.CharField(max_length=3, verbose_name='département')),
                        ('weekday', models.PositiveSmallIntegerField(null=True, verbose_name='jour voulu (0 = lundi)')),
                        ('start_minute', models.PositiveSmallIntegerField(verbose_name='à partir de')),
                        ('end_minute', models.PositiveSmallIntegerField(verbose_name='jusqu’à')),
                        ('minutes', models.PositiveSmallIntegerField(verbose_name='durée')),
                        ('in_holidays', models.BooleanField(null=True, verbose_name='en vacances scolaires')),
                        ('people', models.PositiveIntegerField(default=0, verbose_name='personnes, arrondi')),
                        ('kind', models.CharField(blank=True, max_length=30, verbose_name='nature d’espace')),
                        ('equipment', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                        ('times', models.PositiveSmallIntegerField(default=1, verbose_name='fois')),
                    ],
                    options={
                        'verbose_name': 'recherche sans résultat',
                        'verbose_name_plural': 'recherches sans résultat',
                        'indexes': [models.Index(fields=['departement_code', 'day'], name='failed_search_near')],
                        'constraints': [models.UniqueConstraint(fields=('day', 'commune', 'weekday', 'start_minute', 'end_minute', 'minutes', 'in_holidays', 'people', 'kind', 'equipment'), name='failed_search_once_a_day', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('times__range', (1, 20))), name='failed_search_some_times'), models.CheckConstraint(condition=models.Q(('end_minute__gt', models.F('start_minute')), ('end_minute__lte', 2880)), name='failed_search_window')],
                    },
                ),
            ],
        ),
    ]
