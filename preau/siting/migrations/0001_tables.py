import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import preau.core.clock
import preau.core.schema
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('directory', '0002_only_add_to_the_history'),
        ('projects', '0002_keep_what_was_and_find_by_text'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='SitingStudy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='siting_studies', to='accounts.organization')),
                        ('area_key', models.CharField(max_length=60, verbose_name='territoire')),
                        ('area_name', models.CharField(max_length=260, verbose_name='nom du territoire')),
                        ('title', models.CharField(max_length=160, verbose_name='titre')),
                        ('question', models.TextField(blank=True, verbose_name='question posée')),
                        ('profile', models.CharField(choices=[('mediation', 'Médiation et accès aux services'), ('travail', 'Travail et entrepreneuriat'), ('creation', 'Création et projets')], max_length=20, verbose_name='profil des lieux')),
                        ('visibility', models.CharField(choices=[('interne', 'Réservée à votre structure'), ('partagee', 'Partagée par lien'), ('publique', 'Publique')], default='interne', max_length=10, verbose_name='qui la lit')),
                        ('territories_version', models.CharField(blank=True, max_length=64)),
                        ('directory_on', models.DateField(verbose_name='répertoire des lieux au')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                        ('archived_at', models.DateTimeField(blank=True, null=True, verbose_name='archivée le')),
                    ],
                    options={
                        'verbose_name': 'étude d’implantation',
                        'verbose_name_plural': 'études d’implantation',
                        'indexes': [models.Index(fields=['organization', '-id'], name='siting_study_of'), models.Index(condition=models.Q(('visibility', 'publique')), fields=['area_key'], name='siting_study_public')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='siting_study_titled', violation_error_message='Donnez un titre à l’étude.'), models.CheckConstraint(condition=models.Q(('visibility__in', ['interne', 'partagee', 'publique'])), name='siting_study_visibility_known')],
                    },
                ),
                migrations.CreateModel(
                    name='TravelTimes',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='travel_times', to='accounts.organization')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('pairs', models.PositiveIntegerField(verbose_name='trajets')),
                        ('communes', models.PositiveIntegerField(verbose_name='communes')),
                        ('content', models.BinaryField()),
                        ('digest', models.CharField(max_length=64)),
                        ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='envoyés le')),
                    ],
                    options={
                        'verbose_name': 'temps de trajet',
                        'verbose_name_plural': 'temps de trajet',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'digest'), name='travel_times_once', violation_error_message='Ce fichier a déjà été envoyé.')],
                    },
                ),
                migrations.CreateModel(
                    name='Scenario',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scenarios', to='siting.sitingstudy')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('places', models.PositiveSmallIntegerField(verbose_name='nouveaux lieux')),
                        ('radius_km', models.FloatField(blank=True, null=True, verbose_name='rayon (km)')),
                        ('factor', models.FloatField(default=1.3, verbose_name='allongement par la route')),
                        ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='durée (minutes)')),
                        ('travel_times', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='siting.traveltimes')),
                        ('counts_existing', models.BooleanField(default=True, verbose_name='compter les lieux existants')),
                        ('existing_profile', models.CharField(blank=True, choices=[('mediation', 'Médiation et accès aux services'), ('travail', 'Travail et entrepreneuriat'), ('creation', 'Création et projets')], max_length=20)),
                        ('existing_kind', models.CharField(blank=True, choices=[('salle_des_fetes', 'Salle des fêtes'), ('salle_polyvalente', 'Salle polyvalente'), ('gymnase', 'Gymnase'), ('auditorium', 'Auditorium'), ('etablissement_scolaire', 'École, collège ou lycée'), ('maison_associations', 'Maison des associations'), ('mairie', 'Mairie ou bâtiment administratif'), ('place_publique', 'Place publique'), ('conciergerie', 'Conciergerie'), ('epn', 'Espace public numérique'), ('maison_services', 'Maison des services publics'), ('mjc', 'Maison des jeunes et de la culture'), ('mediatheque', 'Médiathèque'), ('multi_services', 'Dépôt-vente, multi-services'), ('coworking', 'Espace de coworking'), ('cantine', 'Cantine numérique'), ('telecentre', 'Télécentre'), ('centre_affaires', 'Centre d’affaires'), ('jardin_partage', 'Jardin partagé'), ('repair_cafe', 'Repair café'), ('atelier_quartier', 'Atelier de quartier'), ('fab_lab', 'Fab lab, techshop'), ('hackerspace', 'Hackerspace'), ('equipement_sportif', 'Équipement sportif'), ('commerce', 'Commerce ou café qui rend des services'), ('gare_halle_marche', 'Gare, halle ou marché'), ('service_itinerant', 'Bus ou service itinérant')], max_length=30)),
                        ('existing_theme', models.CharField(blank=True, max_length=120)),
                        ('weekday_share', models.PositiveSmallIntegerField(default=100, verbose_name='en semaine, en journée (%)')),
                        ('evening_share', models.PositiveSmallIntegerField(default=0, verbose_name='en soirée (%)')),
                        ('saturday_share', models.PositiveSmallIntegerField(default=0, verbose_name='le samedi (%)')),
                        ('opens_weekday', models.BooleanField(default=True)),
                        ('opens_evening', models.BooleanField(default=False)),
                        ('opens_saturday', models.BooleanField(default=False)),
                        ('critical_mass', models.PositiveIntegerField(default=0, verbose_name='masse critique (habitants)')),
                        ('forced', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='communes imposées')),
                        ('excluded', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='communes exclues')),
                        ('state', models.CharField(choices=[('a_calculer', 'À calculer'), ('calcule', 'Calculé'), ('echec', 'Calcul impossible')], default='a_calculer', max_length=10, verbose_name='état')),
                        ('proof', models.CharField(blank=True, choices=[('borne', 'Écart certifié'), ('optimal', 'Meilleur choix, prouvé'), ('arrete', 'Recherche arrêtée, écart certifié')], max_length=8, verbose_name='preuve')),
                        ('total', models.FloatField(null=True, verbose_name='habitants')),
                        ('base', models.FloatField(null=True, verbose_name='desservis par l’existant')),
                        ('covered', models.FloatField(null=True, verbose_name='desservis')),
                        ('bound', models.FloatField(null=True, verbose_name='au mieux')),
                        ('seconds', models.FloatField(null=True, verbose_name='durée du calcul')),
                        ('computed_at', models.DateTimeField(null=True, verbose_name='calculé le')),
                        ('result', models.JSONField(default=dict)),
                        ('counted', models.JSONField(default=list)),
                        ('problem', models.CharField(blank=True, max_length=300, verbose_name='pourquoi')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                    ],
                    options={
                        'verbose_name': 'scénario',
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('study', 'name'), name='scenario_name_once', violation_error_message='Un scénario de cette étude porte déjà ce nom.'), models.CheckConstraint(condition=models.Q(('places__gte', 1), ('places__lte', 1000)), name='scenario_places_some', violation_error_message='Demandez de 1 à 1 000 nouveaux lieux.'), models.CheckConstraint(condition=models.Q(models.Q(('minutes', None), ('radius_km__gt', 0), ('radius_km__isnull', False), ('travel_times', None)), models.Q(('minutes__gt', 0), ('minutes__isnull', False), ('radius_km', None), ('travel_times__isnull', False)), _connector='OR'), name='scenario_distance_or_minutes', violation_error_message='Donnez un rayon, ou une durée avec des temps de trajet.'), models.CheckConstraint(condition=models.Q(('weekday_share', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('evening_share')), '-', models.F('saturday_share')))), name='scenario_shares_make_all', violation_error_message='Les trois parts font 100 % ensemble.'), models.CheckConstraint(condition=models.Q(('opens_weekday', True), ('opens_evening', True), ('opens_saturday', True), _connector='OR'), name='scenario_opens_sometime', violation_error_message='Un nouveau lieu ouvre au moins à un moment.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'calcule'), _negated=True), models.Q(('base__isnull', False), ('bound__gte', models.F('covered')), ('computed_at__isnull', False), ('covered__isnull', False), ('total__isnull', False), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='scenario_ready_has_figures')],
                    },
                ),
                migrations.CreateModel(
                    name='ScenarioRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scenario', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='siting.scenario')),
                        ('kind', models.CharField(choices=[('calcul', 'Calcul'), ('preuve', 'Recherche du meilleur choix')], max_length=8, verbose_name='nature')),
                        ('state', models.CharField(choices=[('en_attente', 'En attente'), ('en_cours', 'En cours'), ('termine', 'Terminé'), ('arrete', 'Arrêté'), ('echec', 'Échec')], default='en_attente', max_length=10, verbose_name='état')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='demandé le')),
                        ('started_at', models.DateTimeField(null=True, verbose_name='commencé le')),
                        ('told_at', models.DateTimeField(null=True, verbose_name='dernière nouvelle')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminé le')),
                        ('stop_asked', models.BooleanField(default=False)),
                        ('covered', models.FloatField(null=True)),
                        ('bound', models.FloatField(null=True)),
                    ],
                    options={
                        'verbose_name': 'calcul d’un scénario',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('en_attente', 'en_cours'))), fields=('scenario',), name='scenario_one_live_run', violation_error_message='Un calcul de ce scénario est déjà en cours.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ('en_attente', 'en_cours'))), models.Q(models.Q(('state__in', ('en_attente', 'en_cours')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='scenario_run_ended_is_dated'), models.CheckConstraint(condition=models.Q(('bound', None), ('bound__gte', models.F('covered')), _connector='OR'), name='scenario_run_bound_above')],
                    },
                ),
                migrations.CreateModel(
                    name='WatchItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='watch_items', to='accounts.organization')),
                        ('kind', models.CharField(choices=[('manque', 'Commune mal desservie'), ('projet', 'Projet'), ('lieu', 'Lieu'), ('note', 'Autre')], max_length=8, verbose_name='nature')),
                        ('area_key', models.CharField(blank=True, max_length=60, verbose_name='territoire')),
                        ('title', models.CharField(max_length=200, verbose_name='objet')),
                        ('note', models.TextField(blank=True, verbose_name='note')),
                        ('scenario', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='watch_items', to='siting.scenario')),
                        ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                        ('sheet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.sheet')),
                        ('state', models.CharField(choices=[('a_suivre', 'À suivre'), ('en_cours', 'En cours'), ('clos', 'Clos')], default='a_suivre', max_length=10, verbose_name='état')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='suivi depuis le')),
                        ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='en cours depuis le')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                    ],
                    options={
                        'verbose_name': 'sujet de veille',
                        'verbose_name_plural': 'sujets de veille',
                        'indexes': [models.Index(fields=['organization', '-id'], name='watch_item_of')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'clos'), _negated=True), fields=('organization', 'project'), name='watch_project_once', violation_error_message='Ce projet est déjà suivi.'), models.UniqueConstraint(condition=models.Q(('state', 'clos'), _negated=True), fields=('organization', 'sheet'), name='watch_sheet_once', violation_error_message='Ce lieu est déjà suivi.'), models.UniqueConstraint(condition=models.Q(('kind', 'manque'), models.Q(('state', 'clos'), _negated=True)), fields=('organization', 'area_key'), name='watch_gap_once', violation_error_message='Cette commune est déjà suivie.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'projet'), ('project__isnull', False), ('sheet', None)), models.Q(('kind', 'lieu'), ('project', None), ('sheet__isnull', False)), models.Q(('kind', 'manque'), ('project', None), ('sheet', None), models.Q(('area_key', ''), _negated=True)), models.Q(('kind', 'note'), ('project', None), ('sheet', None)), _connector='OR'), name='watch_item_of_its_kind'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'clos')), models.Q(models.Q(('state', 'clos'), _negated=True), ('closed_at', None)), _connector='OR'), name='watch_item_closed_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'en_cours'), _negated=True), ('started_at__isnull', False), _connector='OR'), name='watch_item_active_is_dated')],
                    },
                ),
            ],
        ),
    ]
