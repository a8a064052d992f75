import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('availability', '0002_settle_the_planner'),
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='FrozenPrice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(choices=[('particulier', 'Particuliers'), ('association', 'Associations'), ('entreprise', 'Entreprises'), ('public', 'Collectivités et services publics'), ('scolaire', 'Établissements scolaires')], max_length=20, verbose_name='catégorie')),
                        ('is_local', models.BooleanField(default=False, verbose_name='de la commune')),
                        ('tariff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.tariff')),
                        ('lines', models.JSONField(default=list, verbose_name='lignes')),
                        ('total_cents', models.PositiveIntegerField(default=0, verbose_name='total')),
                        ('deposit_cents', models.PositiveIntegerField(default=0, verbose_name='caution')),
                        ('is_on_request', models.BooleanField(default=False, verbose_name='prix sur demande')),
                        ('amounts', models.JSONField(default=dict, verbose_name='part de chaque date')),
                        ('terms', models.JSONField(default=dict, verbose_name='conditions')),
                        ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='pricing.frozenprice')),
                        ('computed_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='calculé le')),
                    ],
                    options={
                        'verbose_name': 'prix arrêté',
                        'constraints': [models.CheckConstraint(condition=models.Q(('is_on_request', False), ('total_cents', 0), _connector='OR'), name='frozen_price_on_request_has_no_total')],
                    },
                ),
                migrations.CreateModel(
                    name='Option',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking_options', to='accounts.organization')),
                        ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='options', to='places.place')),
                        ('tariff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='options', to='pricing.tariff')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('description', models.CharField(blank=True, max_length=250, verbose_name='précision')),
                        ('unit', models.CharField(choices=[('utilisation', 'par utilisation'), ('heure', 'par heure'), ('jour', 'par jour'), ('unite', 'par unité'), ('personne', 'par personne')], default='utilisation', max_length=12, verbose_name='prix')),
                        ('amount_cents', models.PositiveIntegerField(default=0, verbose_name='montant')),
                        ('stock', models.PositiveIntegerField(blank=True, null=True, verbose_name='nombre disponible')),
                        ('is_archived', models.BooleanField(default=False, verbose_name='retirée')),
                        ('spaces', models.ManyToManyField(blank=True, related_name='options', to='places.space')),
                    ],
                    options={
                        'verbose_name': 'option',
                        'ordering': ['name', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('place', None), ('tariff__isnull', False)), models.Q(('place__isnull', False), ('tariff', None)), _connector='OR'), name='option_of_a_place_or_a_tariff')],
                    },
                ),
                migrations.CreateModel(
                    name='OptionPrice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('option', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='pricing.option')),
                        ('audience', models.CharField(blank=True, choices=[('particulier', 'Particuliers'), ('association', 'Associations'), ('entreprise', 'Entreprises'), ('public', 'Collectivités et services publics'), ('scolaire', 'Établissements scolaires')], max_length=20, verbose_name='pour qui')),
                        ('residence', models.CharField(blank=True, choices=[('commune', 'De la commune'), ('exterieur', 'Hors commune')], max_length=12, verbose_name='d’où')),
                        ('amount_cents', models.PositiveIntegerField(verbose_name='montant')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('option', 'audience', 'residence'), name='option_price_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OptionTaken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('option', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='pricing.option')),
                        ('occupancy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options_taken', to='availability.occupancy')),
                        ('quantity', models.PositiveIntegerField(verbose_name='quantité')),
                        ('busy', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='période')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='prise le')),
                        ('released_at', models.DateTimeField(null=True, verbose_name='rendue le')),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GistIndex(condition=models.Q(('released_at', None)), fields=['option', 'busy'], name='option_taken_busy')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='option_taken_some'), models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('option', 'occupancy'), name='option_taken_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Quota',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotas', to='pricing.tariff')),
                        ('audience', models.CharField(blank=True, choices=[('particulier', 'Particuliers'), ('association', 'Associations'), ('entreprise', 'Entreprises'), ('public', 'Collectivités et services publics'), ('scolaire', 'Établissements scolaires')], max_length=20, verbose_name='pour qui')),
                        ('residence', models.CharField(blank=True, choices=[('commune', 'De la commune'), ('exterieur', 'Hors commune')], max_length=12, verbose_name='d’où')),
                        ('kind', models.CharField(choices=[('reservations', 'réservations'), ('heures', 'heures')], default='reservations', max_length=14, verbose_name='quoi')),
                        ('limit', models.PositiveIntegerField(verbose_name='combien')),
                        ('per', models.CharField(choices=[('annee', 'par année civile'), ('annee_scolaire', 'par année scolaire'), ('mois', 'par mois'), ('semaine', 'par semaine')], default='annee', max_length=16, verbose_name='par')),
                        ('term_only', models.BooleanField(default=False, verbose_name='en période scolaire seulement')),
                        ('is_archived', models.BooleanField(default=False, verbose_name='retiré')),
                    ],
                    options={
                        'verbose_name': 'quota de gratuité',
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('limit__gte', 1)), name='quota_some', violation_error_message='Un quota offre au moins une réservation ou une heure.')],
                    },
                ),
                migrations.CreateModel(
                    name='QuotaUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('quota', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='pricing.quota')),
                        ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('window', models.DateField(verbose_name='depuis le')),
                        ('occupancy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quota_uses', to='availability.occupancy')),
                        ('amount', models.PositiveIntegerField(verbose_name='réservations ou minutes')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='pris le')),
                        ('released_at', models.DateTimeField(null=True, verbose_name='rendu le')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('released_at', None)), fields=['quota', 'window', 'organization', 'user'], name='quota_use_live')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organization', None), ('user__isnull', False)), models.Q(('organization__isnull', False), ('user', None)), _connector='OR'), name='quota_use_of_one_holder'), models.CheckConstraint(condition=models.Q(('amount__gte', 1)), name='quota_use_some'), models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('quota', 'occupancy'), name='quota_use_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Tariff',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tariffs', to='accounts.organization')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('description', models.TextField(blank=True, max_length=2000, verbose_name='présentation')),
                        ('vat_note', models.CharField(default='TVA non applicable', max_length=120, verbose_name='mention de TVA')),
                        ('vat_rate', models.PositiveSmallIntegerField(blank=True, choices=[(2000, '20\xa0%'), (1300, '13\xa0%'), (1000, '10\xa0%'), (850, '8,5\xa0%'), (550, '5,5\xa0%'), (210, '2,1\xa0%'), (175, '1,75\xa0%'), (105, '1,05\xa0%'), (90, '0,9\xa0%'), (0, '0\xa0%, exonéré')], null=True, verbose_name='taux de TVA')),
                        ('minimum_cents', models.PositiveIntegerField(default=0, verbose_name='minimum de facturation')),
                        ('morning_start', models.PositiveSmallIntegerField(default=480, verbose_name='début de la matinée')),
                        ('afternoon_start', models.PositiveSmallIntegerField(default=780, verbose_name='début de l’après-midi')),
                        ('evening_start', models.PositiveSmallIntegerField(default=1080, verbose_name='début de la soirée')),
                        ('evening_end', models.PositiveSmallIntegerField(default=1560, verbose_name='fin de la soirée')),
                        ('is_archived', models.BooleanField(default=False, verbose_name='archivé')),
                        ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                    ],
                    options={
                        'verbose_name': 'tarif',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_archived', False)), fields=('organization', 'name'), name='tariff_name_once', violation_error_message='Un tarif porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('afternoon_start__gt', models.F('morning_start')), ('evening_start__gt', models.F('afternoon_start')), ('evening_start__lt', 1440), ('evening_end__gt', models.F('evening_start')), ('evening_end__lte', 1680)), name='tariff_hours_in_order', violation_error_message='Les heures se suivent : matin, après-midi, soirée, et la soirée finit au plus tard à 4 h.'), models.CheckConstraint(condition=models.Q(('vat_rate', None), ('vat_rate__in', [2000, 1300, 1000, 850, 550, 210, 175, 105, 90, 0]), _connector='OR'), name='tariff_vat_rate_known')],
                    },
                ),
                migrations.CreateModel(
                    name='TariffAssignment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='pricing.tariff')),
                        ('place', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tariff_assignment', to='places.place')),
                        ('space', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tariff_assignment', to='places.space')),
                    ],
                    options={
                        'verbose_name': 'application d’un tarif',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('place', None), ('space__isnull', False)), models.Q(('place__isnull', False), ('space', None)), _connector='OR'), name='tariff_for_a_place_or_a_space')],
                    },
                ),
                migrations.CreateModel(
                    name='Season',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seasons', to='pricing.tariff')),
                        ('name', models.CharField(max_length=60, verbose_name='nom')),
                        ('first_day', models.PositiveSmallIntegerField(verbose_name='du')),
                        ('last_day', models.PositiveSmallIntegerField(verbose_name='au (inclus)')),
                    ],
                    options={
                        'verbose_name': 'saison',
                        'ordering': ['first_day', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('tariff', 'name'), name='season_name_once', violation_error_message='Une saison porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('first_day__range', (101, 1231)), ('last_day__range', (101, 1231))), name='season_days_of_the_year')],
                    },
                ),
                migrations.CreateModel(
                    name='Rate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='pricing.tariff')),
                        ('audience', models.CharField(blank=True, choices=[('particulier', 'Particuliers'), ('association', 'Associations'), ('entreprise', 'Entreprises'), ('public', 'Collectivités et services publics'), ('scolaire', 'Établissements scolaires')], max_length=20, verbose_name='pour qui')),
                        ('residence', models.CharField(blank=True, choices=[('commune', 'De la commune'), ('exterieur', 'Hors commune')], max_length=12, verbose_name='d’où')),
                        ('unit', models.CharField(choices=[('heure', 'Heure'), ('demi_journee', 'Demi-journée'), ('soiree', 'Soirée'), ('journee', 'Journée'), ('week_end', 'Week-end'), ('forfait', 'Forfait par utilisation')], max_length=14, verbose_name='unité')),
                        ('season', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rates', to='pricing.season')),
                        ('amount_cents', models.PositiveIntegerField(verbose_name='montant')),
                    ],
                    options={
                        'verbose_name': 'prix',
                        'constraints': [models.UniqueConstraint(fields=('tariff', 'audience', 'residence', 'unit', 'season'), name='rate_once', nulls_distinct=False, violation_error_message='Ce prix est déjà donné.'), models.CheckConstraint(condition=models.Q(('unit__in', ['heure', 'demi_journee', 'soiree', 'journee', 'week_end', 'forfait']), ('audience__in', ['', 'particulier', 'association', 'entreprise', 'public', 'scolaire']), ('residence__in', ['', 'commune', 'exterieur'])), name='rate_values_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Deposit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deposits', to='pricing.tariff')),
                        ('audience', models.CharField(blank=True, choices=[('particulier', 'Particuliers'), ('association', 'Associations'), ('entreprise', 'Entreprises'), ('public', 'Collectivités et services publics'), ('scolaire', 'Établissements scolaires')], max_length=20, verbose_name='pour qui')),
                        ('residence', models.CharField(blank=True, choices=[('commune', 'De la commune'), ('exterieur', 'Hors commune')], max_length=12, verbose_name='d’où')),
                        ('amount_cents', models.PositiveIntegerField(verbose_name='caution')),
                    ],
                    options={
                        'verbose_name': 'caution',
                        'constraints': [models.UniqueConstraint(fields=('tariff', 'audience', 'residence'), name='deposit_once', violation_error_message='Cette caution est déjà donnée.')],
                    },
                ),
                migrations.CreateModel(
                    name='CancellationTier',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cancellation_tiers', to='pricing.tariff')),
                        ('hours_before', models.PositiveIntegerField(verbose_name='moins de … heures avant')),
                        ('fee_percent', models.PositiveSmallIntegerField(verbose_name='part due, en %')),
                    ],
                    options={
                        'verbose_name': 'palier d’annulation',
                        'ordering': ['-hours_before'],
                        'constraints': [models.UniqueConstraint(fields=('tariff', 'hours_before'), name='cancellation_tier_once', violation_error_message='Ce délai est déjà donné.'), models.CheckConstraint(condition=models.Q(('fee_percent__range', (1, 100)), ('hours_before__gte', 1)), name='cancellation_fee_is_a_part', violation_error_message='La part due va de 1 à 100 %.')],
                    },
                ),
            ],
        ),
    ]
