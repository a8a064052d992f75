import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import preau.core.clock
import preau.core.schema
import preau.places.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('documents', '0002_guard_journal_and_documents'),
        ('territories', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Place',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='accounts.organization', verbose_name='propriétaire')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('slug', models.SlugField(max_length=140, unique=True, verbose_name='adresse de la page')),
                        ('kind', models.CharField(choices=[('salle_des_fetes', 'Salle des fêtes'), ('salle_polyvalente', 'Salle polyvalente'), ('gymnase', 'Gymnase'), ('auditorium', 'Auditorium'), ('etablissement_scolaire', 'École, collège ou lycée'), ('maison_associations', 'Maison des associations'), ('mairie', 'Mairie ou bâtiment administratif'), ('place_publique', 'Place publique'), ('conciergerie', 'Conciergerie'), ('epn', 'Espace public numérique'), ('maison_services', 'Maison des services publics'), ('mjc', 'Maison des jeunes et de la culture'), ('mediatheque', 'Médiathèque'), ('multi_services', 'Dépôt-vente, multi-services'), ('coworking', 'Espace de coworking'), ('cantine', 'Cantine numérique'), ('telecentre', 'Télécentre'), ('centre_affaires', 'Centre d’affaires'), ('jardin_partage', 'Jardin partagé'), ('repair_cafe', 'Repair café'), ('atelier_quartier', 'Atelier de quartier'), ('fab_lab', 'Fab lab, techshop'), ('hackerspace', 'Hackerspace'), ('equipement_sportif', 'Équipement sportif'), ('commerce', 'Commerce ou café qui rend des services'), ('gare_halle_marche', 'Gare, halle ou marché'), ('service_itinerant', 'Bus ou service itinérant')], max_length=30, verbose_name='nature')),
                        ('description', models.TextField(blank=True, verbose_name='présentation')),
                        ('address', models.CharField(max_length=200, verbose_name='adresse')),
                        ('postcode', models.CharField(max_length=5, verbose_name='code postal')),
                        ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.commune')),
                        ('departement_code', models.CharField(db_index=True, max_length=3, verbose_name='département')),
                        ('latitude', models.FloatField(verbose_name='latitude')),
                        ('longitude', models.FloatField(verbose_name='longitude')),
                        ('time_zone', models.CharField(max_length=40, verbose_name='fuseau horaire')),
                        ('access', models.TextField(blank=True, verbose_name='comment venir et entrer')),
                        ('is_accessible', models.BooleanField(default=False, verbose_name='accessible aux personnes à mobilité réduite')),
                        ('accessibility', models.TextField(blank=True, verbose_name='précisions sur l’accessibilité')),
                        ('erp_type', models.CharField(blank=True, choices=[('L', 'L – Salles d’audition, de conférences, de réunions, de spectacles'), ('N', 'N – Restaurants et débits de boissons'), ('P', 'P – Salles de danse et de jeux'), ('R', 'R – Établissements d’enseignement, colonies de vacances'), ('S', 'S – Bibliothèques, centres de documentation'), ('T', 'T – Salles d’exposition'), ('V', 'V – Établissements de culte'), ('W', 'W – Administrations, banques, bureaux'), ('X', 'X – Établissements sportifs couverts'), ('Y', 'Y – Musées'), ('PA', 'PA – Établissements de plein air')], max_length=2, verbose_name='type d’établissement')),
                        ('erp_category', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='catégorie')),
                        ('max_attendance', models.PositiveIntegerField(blank=True, null=True, verbose_name='effectif maximal')),
                        ('safety', models.TextField(blank=True, verbose_name='consignes de sécurité')),
                        ('house_rules', models.TextField(blank=True, verbose_name='règles de la maison')),
                        ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique du lieu')),
                        ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone du lieu')),
                        ('publication', models.CharField(choices=[('brouillon', 'Brouillon'), ('publie', 'Publié'), ('archive', 'Archivé')], default='brouillon', max_length=10, verbose_name='publication')),
                        ('feed_secret', models.CharField(max_length=43, unique=True)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                    ],
                    options={
                        'verbose_name': 'lieu',
                        'verbose_name_plural': 'lieux',
                        'constraints': [models.CheckConstraint(condition=models.Q(('latitude__range', (-90, 90)), ('longitude__range', (-180, 180))), name='place_position_on_earth'), models.CheckConstraint(condition=models.Q(('erp_category', None), ('erp_category__range', (1, 5)), _connector='OR'), name='place_erp_category', violation_error_message='La catégorie d’un établissement va de 1 à 5.')],
                    },
                ),
                migrations.CreateModel(
                    name='PlaceRole',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='places.place')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='place_roles', to=settings.AUTH_USER_MODEL)),
                        ('role', models.CharField(choices=[('proprietaire', 'Propriétaire'), ('exploitant', 'Exploitant'), ('chef_etablissement', 'Chef d’établissement'), ('gardien', 'Gardien')], max_length=20, verbose_name='rôle')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='donné le')),
                    ],
                    options={
                        'verbose_name': 'rôle sur un lieu',
                        'constraints': [models.UniqueConstraint(fields=('place', 'user', 'role'), name='place_role_once', violation_error_message='Cette personne a déjà ce rôle sur ce lieu.')],
                    },
                ),
                migrations.CreateModel(
                    name='Space',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spaces', to='places.place')),
                        ('root', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='places.space')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('slug', models.SlugField(max_length=140, verbose_name='adresse de la page')),
                        ('kind', models.CharField(choices=[('salle_des_fetes', 'Salle des fêtes'), ('salle_reunion', 'Salle de réunion'), ('salle_classe', 'Salle de classe'), ('salle_activites', 'Salle d’activités'), ('salle_sport', 'Salle de sport, gymnase'), ('auditorium', 'Auditorium'), ('cuisine', 'Cuisine'), ('atelier', 'Atelier'), ('bureau', 'Bureau, poste de travail'), ('plein_air', 'Espace de plein air'), ('place_publique', 'Place publique')], max_length=30, verbose_name='nature')),
                        ('description', models.TextField(blank=True, verbose_name='présentation')),
                        ('capacity', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='capacité')),
                        ('surface', models.PositiveIntegerField(blank=True, null=True, verbose_name='surface en m²')),
                        ('is_pool', models.BooleanField(default=False, verbose_name='postes identiques')),
                        ('is_accessible', models.BooleanField(default=False, verbose_name='accessible aux personnes à mobilité réduite')),
                        ('buffer_before', models.PositiveSmallIntegerField(default=0, verbose_name='préparation, en minutes')),
                        ('buffer_after', models.PositiveSmallIntegerField(default=0, verbose_name='remise en état, en minutes')),
                        ('lead_minutes', models.PositiveIntegerField(default=0, verbose_name='délai avant réservation, en minutes')),
                        ('horizon_days', models.PositiveSmallIntegerField(default=365, verbose_name='réservable jusqu’à, en jours')),
                        ('min_minutes', models.PositiveSmallIntegerField(default=60, verbose_name='durée minimale, en minutes')),
                        ('max_minutes', models.PositiveIntegerField(default=720, verbose_name='durée maximale, en minutes')),
                        ('step_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='pas de début, en minutes')),
                        ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('particulier', 'Particuliers'), ('association', 'Associations'), ('entreprise', 'Entreprises'), ('public', 'Collectivités et services publics'), ('scolaire', 'Établissements scolaires')], max_length=20), default=preau.places.models.everyone, size=None, verbose_name='qui peut réserver')),
                        ('approval', models.CharField(choices=[('immediate', 'Confirmation immédiate'), ('gestionnaire', 'Validation par le gestionnaire')], default='gestionnaire', max_length=20, verbose_name='validation')),
                        ('response_hours', models.PositiveSmallIntegerField(default=120, verbose_name='délai de réponse, en heures')),
                        ('price_from_cents', models.PositiveIntegerField(blank=True, default=0, null=True, verbose_name='à partir de, en centimes')),
                        ('house_rules', models.TextField(blank=True, verbose_name='règles de l’espace')),
                        ('publication', models.CharField(choices=[('brouillon', 'Brouillon'), ('publie', 'Publié'), ('archive', 'Archivé')], default='brouillon', max_length=10, verbose_name='publication')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                        ('units', models.ManyToManyField(related_name='spaces', through='places.SpaceUnit', to='places.unit')),
                    ],
                    options={
                        'verbose_name': 'espace',
                        'constraints': [models.UniqueConstraint(fields=('place', 'slug'), name='space_slug_in_place'), models.CheckConstraint(condition=models.Q(('max_minutes__gte', models.F('min_minutes')), ('min_minutes__gte', 15)), name='space_durations', violation_error_message='La durée maximale est au moins égale à la durée minimale.'), models.CheckConstraint(condition=models.Q(('step_minutes__in', (15, 30, 60, 120, 240, 1440))), name='space_quarter_hours'), models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('buffer_before'), '%%', models.Value(15)), 0), django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('buffer_after'), '%%', models.Value(15)), 0), django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('min_minutes'), '%%', models.Value(15)), 0), django.db.models.lookups.Exact(django.db.models.expressions.CombinedExpression(models.F('max_minutes'), '%%', models.Value(15)), 0)), name='space_minutes_on_quarter_hours', violation_error_message='Ces durées se comptent en quarts d’heure.'), models.CheckConstraint(condition=models.Q(('buffer_after__lte', 720), ('buffer_before__lte', 720), ('horizon_days__lte', 730)), name='space_within_the_calculated_days', violation_error_message='Un espace se réserve au plus deux ans à l’avance.'), models.CheckConstraint(condition=models.Q(('root', None), models.Q(('root', models.F('id')), _negated=True), _connector='OR'), name='space_root_is_another'), models.CheckConstraint(condition=models.Q(('is_pool', False), ('root', None), _connector='OR'), name='space_pool_stands_alone'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1)), name='space_holds_someone')],
                    },
                ),
                migrations.CreateModel(
                    name='Unit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('root', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_units', to='places.space')),
                        ('name', models.CharField(max_length=80, verbose_name='nom')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                    ],
                    options={
                        'verbose_name': 'unité',
                        'ordering': ['position', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('root', 'position'), name='unit_position_in_root')],
                    },
                ),
                migrations.CreateModel(
                    name='SpaceUnit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='space_units', to='places.space')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('space', 'unit'), name='space_unit_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SpaceEquipment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='equipment', to='places.space')),
                        ('kind', models.PositiveSmallIntegerField(choices=[(0, 'Vidéoprojecteur'), (1, 'Écran'), (2, 'Sonorisation'), (3, 'Microphone'), (4, 'Wi-Fi'), (5, 'Ordinateurs'), (6, 'Tables'), (7, 'Chaises'), (8, 'Cuisine équipée'), (9, 'Réfrigérateur'), (10, 'Vaisselle'), (11, 'Scène'), (12, 'Piano'), (13, 'Sol sportif'), (14, 'Miroirs'), (15, 'Vestiaires'), (16, 'Douches'), (17, 'Tableau'), (18, 'Machines à coudre'), (19, 'Imprimante 3D'), (20, 'Prise électrique extérieure'), (21, 'Point d’eau'), (22, 'Stationnement'), (23, 'Boucle magnétique')], verbose_name='équipement')),
                        ('quantity', models.PositiveIntegerField(default=1, verbose_name='quantité')),
                    ],
                    options={
                        'verbose_name': 'équipement',
                        'ordering': ['kind'],
                        'constraints': [models.UniqueConstraint(fields=('space', 'kind'), name='space_equipment_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='space_equipment_some')],
                    },
                ),
                migrations.CreateModel(
                    name='SpaceLayout',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='layouts', to='places.space')),
                        ('layout', models.CharField(choices=[('debout', 'Debout'), ('conference', 'Assis, en conférence'), ('tables', 'Assis, à table'), ('classe', 'En classe'), ('u', 'En U')], max_length=12, verbose_name='disposition')),
                        ('capacity', models.PositiveIntegerField(verbose_name='capacité')),
                    ],
                    options={
                        'verbose_name': 'disposition',
                        'constraints': [models.UniqueConstraint(fields=('space', 'layout'), name='space_layout_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Photo',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='places.place')),
                        ('space', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='places.space')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('thumbnail', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('alternative_text', models.CharField(max_length=250, verbose_name='description de l’image')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                    ],
                    options={
                        'verbose_name': 'photo',
                        'ordering': ['position', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('alternative_text', ''), _negated=True), name='photo_described')],
                    },
                ),
            ],
        ),
    ]
