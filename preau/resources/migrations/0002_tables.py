import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('resources', '0001_read_french'),
        ('territories', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Resource',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('aide', 'Aide financière'), ('ingenierie', 'Offre d’ingénierie'), ('service', 'Service'), ('expert', 'Expert ou réseau d’experts'), ('guide', 'Guide ou retour d’expérience')], max_length=12, verbose_name='nature')),
                        ('title', models.CharField(max_length=180, verbose_name='titre')),
                        ('title_key', models.CharField(editable=False, max_length=200)),
                        ('summary', models.CharField(blank=True, max_length=400, verbose_name='en une phrase')),
                        ('body', models.TextField(blank=True, max_length=40000, verbose_name='présentation')),
                        ('eligibility', models.TextField(blank=True, max_length=40000, verbose_name='conditions')),
                        ('provider_name', models.CharField(blank=True, max_length=160, verbose_name='organisme qui la propose')),
                        ('provider', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resources', to='accounts.organization')),
                        ('url', models.URLField(blank=True, max_length=700, verbose_name='page de référence')),
                        ('application_url', models.URLField(blank=True, max_length=700, verbose_name='page pour demander')),
                        ('themes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('centre_ville', 'Centre-ville et commerces'), ('logement', 'Logement et habitat'), ('mobilites', 'Mobilités'), ('energie', 'Transition énergétique et bâtiments'), ('eau_biodiversite', 'Eau et biodiversité'), ('dechets', 'Économie circulaire et déchets'), ('alimentation', 'Agriculture et alimentation'), ('sante', 'Santé et solidarités'), ('education', 'Éducation, enfance et jeunesse'), ('culture', 'Culture et patrimoine'), ('sport', 'Sport et loisirs'), ('numerique', 'Numérique'), ('services_publics', 'Services publics de proximité'), ('tiers_lieux', 'Tiers-lieux et lieux partagés'), ('economie', 'Développement économique et emploi'), ('tourisme', 'Tourisme'), ('risques', 'Sécurité et risques'), ('vie_associative', 'Vie associative et citoyenneté'), ('amenagement', 'Aménagement et foncier')], max_length=24), blank=True, default=list, size=None, verbose_name='thèmes')),
                        ('blockage_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('financement', 'Financement'), ('ingenierie', 'Ingénierie'), ('foncier', 'Foncier et locaux'), ('reglementaire', 'Réglementaire'), ('partenaires', 'Partenaires'), ('gouvernance', 'Gouvernance')], max_length=24), blank=True, default=list, size=None, verbose_name='blocages qu’elle aide à lever')),
                        ('phases', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('idee', 'Idée'), ('etude', 'Étude'), ('operation', 'Opération')], max_length=24), blank=True, default=list, size=None, verbose_name='phases du projet')),
                        ('audiences', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('commune', 'Commune'), ('epci', 'Intercommunalité'), ('department', 'Département'), ('region', 'Région'), ('public-org', 'Établissement public ou service de l’État'), ('association', 'Association'), ('private-sector', 'Entreprise'), ('private-person', 'Particulier'), ('farmer', 'Agriculteur'), ('researcher', 'Recherche'), ('special', 'Structure particulière')], max_length=24), blank=True, default=list, size=None, verbose_name='bénéficiaires')),
                        ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                        ('reach', models.PositiveSmallIntegerField(default=4, editable=False)),
                        ('aid_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('grant', 'Subvention'), ('loan', 'Prêt'), ('recoverable-advance', 'Avance récupérable'), ('cee', 'Certificats d’économie d’énergie'), ('other', 'Autre aide financière'), ('technical-engineering', 'Ingénierie technique'), ('financial-engineering', 'Ingénierie financière'), ('legal-engineering', 'Ingénierie juridique ou administrative')], max_length=24), blank=True, default=list, size=None, verbose_name='formes de l’aide')),
                        ('rate_min', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='taux minimal, en %')),
                        ('rate_max', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='taux maximal, en %')),
                        ('rate_note', models.CharField(blank=True, max_length=300, verbose_name='précision sur le montant')),
                        ('floor_cents', models.BigIntegerField(blank=True, null=True, verbose_name='montant minimal')),
                        ('ceiling_cents', models.BigIntegerField(blank=True, null=True, verbose_name='montant maximal')),
                        ('recurrence', models.CharField(blank=True, choices=[('ongoing', 'Permanente'), ('recurring', 'Chaque année ou par sessions'), ('oneoff', 'Ponctuelle')], max_length=10, verbose_name='périodicité')),
                        ('is_call', models.BooleanField(default=False, verbose_name='appel à projets ou à manifestation d’intérêt')),
                        ('is_charged', models.BooleanField(default=False, verbose_name='payante')),
                        ('opens_on', models.DateField(blank=True, null=True, verbose_name='ouverture')),
                        ('closes_on', models.DateField(blank=True, null=True, verbose_name='date limite de dépôt')),
                        ('financers', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None, verbose_name='financeurs')),
                        ('programs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None, verbose_name='programmes')),
                        ('state', models.CharField(choices=[('brouillon', 'Brouillon'), ('relecture', 'En relecture'), ('publiee', 'Publiée'), ('perimee', 'Périmée'), ('archivee', 'Archivée')], default='brouillon', max_length=10, verbose_name='état')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='à jour jusqu’au')),
                        ('verified_on', models.DateField(blank=True, null=True, verbose_name='vérifiée le')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                        ('updated_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='modifiée le')),
                        ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                        ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='soumise le')),
                        ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('source', models.CharField(choices=[('site', 'Rédigée sur la plateforme'), ('preau', 'Livrée avec Préau, à vérifier'), ('aides-territoires', 'Aides-territoires')], default='site', max_length=20, verbose_name='source')),
                        ('source_id', models.CharField(blank=True, max_length=120, verbose_name='identifiant dans la source')),
                        ('source_url', models.URLField(blank=True, max_length=700, verbose_name='page de la source')),
                        ('source_digest', models.CharField(blank=True, editable=False, max_length=64)),
                        ('fetched_at', models.DateTimeField(blank=True, null=True, verbose_name='lue dans la source le')),
                        ('snapshot', models.JSONField(blank=True, default=dict)),
                        ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('title', config='french_unaccent', weight='A'), '||', django.contrib.postgres.search.SearchVector('summary', 'provider_name', config='french_unaccent', weight='B'), django.contrib.postgres.search.SearchConfig('french_unaccent')), '||', django.contrib.postgres.search.SearchVector('body', 'eligibility', config='french_unaccent', weight='C'), django.contrib.postgres.search.SearchConfig('french_unaccent')), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'ressource',
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search'], name='resource_search'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('state', 'publiee')), fastupdate=False, fields=['themes', 'blockage_kinds', 'areas'], name='resource_need'), models.Index(condition=models.Q(('state', 'publiee')), fields=['title_key', 'id'], name='resource_in_order'), models.Index(fields=['expires_on'], name='resource_expiring'), models.Index(fields=['state', 'submitted_at'], name='resource_to_read')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['brouillon', 'relecture', 'publiee', 'perimee', 'archivee'])), name='resource_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['aide', 'ingenierie', 'service', 'expert', 'guide'])), name='resource_kind_known'), models.CheckConstraint(condition=models.Q(('source__in', ['site', 'preau', 'aides-territoires'])), name='resource_source_known'), models.CheckConstraint(condition=models.Q(('themes__contained_by', ['centre_ville', 'logement', 'mobilites', 'energie', 'eau_biodiversite', 'dechets', 'alimentation', 'sante', 'education', 'culture', 'sport', 'numerique', 'services_publics', 'tiers_lieux', 'economie', 'tourisme', 'risques', 'vie_associative', 'amenagement'])), name='resource_themes_known', violation_error_message='Choisissez dans la liste.'), models.CheckConstraint(condition=models.Q(('blockage_kinds__contained_by', ['financement', 'ingenierie', 'foncier', 'reglementaire', 'partenaires', 'gouvernance'])), name='resource_blockages_known', violation_error_message='Choisissez dans la liste.'), models.CheckConstraint(condition=models.Q(('phases__contained_by', ['idee', 'etude', 'operation'])), name='resource_phases_known', violation_error_message='Choisissez dans la liste.'), models.CheckConstraint(condition=models.Q(('audiences__contained_by', ['commune', 'epci', 'department', 'region', 'public-org', 'association', 'private-sector', 'private-person', 'farmer', 'researcher', 'special'])), name='resource_audiences_known', violation_error_message='Choisissez dans la liste.'), models.CheckConstraint(condition=models.Q(('aid_types__contained_by', ['grant', 'loan', 'recoverable-advance', 'cee', 'other', 'technical-engineering', 'financial-engineering', 'legal-engineering'])), name='resource_aid_types_known', violation_error_message='Choisissez dans la liste.'), models.CheckConstraint(condition=models.Q(('reach__lt', 5)), name='resource_reach_known'), models.CheckConstraint(condition=models.Q(models.Q(('rate_min', None), ('rate_min__lte', 100), _connector='OR'), models.Q(('rate_max', None), ('rate_max__lte', 100), _connector='OR'), models.Q(('rate_min', None), ('rate_max', None), ('rate_min__lte', models.F('rate_max')), _connector='OR')), name='resource_rates_are_percents', violation_error_message='Un taux va de 0 à 100 %, du plus petit au plus grand.'), models.CheckConstraint(condition=models.Q(models.Q(('floor_cents', None), ('floor_cents__gte', 0), _connector='OR'), models.Q(('ceiling_cents', None), ('ceiling_cents__gte', 0), _connector='OR'), models.Q(('floor_cents', None), ('ceiling_cents', None), ('floor_cents__lte', models.F('ceiling_cents')), _connector='OR')), name='resource_amounts_in_order', violation_error_message='Le montant minimal ne peut pas dépasser le maximal.'), models.CheckConstraint(condition=models.Q(('opens_on', None), ('closes_on', None), ('opens_on__lte', models.F('closes_on')), _connector='OR'), name='resource_days_in_order', violation_error_message='La date limite ne peut pas précéder l’ouverture.'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'site'), _negated=True), ('state__in', ['brouillon', 'archivee']), models.Q(models.Q(('summary', ''), _negated=True), models.Q(('provider_name', ''), _negated=True), models.Q(('themes', []), _negated=True), models.Q(('blockage_kinds', []), _negated=True), models.Q(('areas', []), _negated=True), ('expires_on__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='resource_written_here_is_complete', violation_error_message='Il manque un renseignement pour proposer cette fiche.'), models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(models.Q(('reviewed_by', models.F('submitted_by')), _negated=True), models.Q(('reviewed_by', models.F('edited_by')), _negated=True)), _connector='OR'), name='resource_read_by_another', violation_error_message='Une autre personne que l’auteur relit la fiche.'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'site'), ('state', 'publiee'), _negated=True), models.Q(('published_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='resource_published_has_a_reader'), models.CheckConstraint(condition=models.Q(('source', 'site'), models.Q(('source_id', ''), _negated=True), _connector='OR'), name='resource_of_a_source_has_its_number'), models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('source', 'source_id'), name='resource_once_per_source')],
                    },
                ),
                migrations.CreateModel(
                    name='Contact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='resources.resource')),
                        ('position', models.PositiveSmallIntegerField(default=1, verbose_name='rang')),
                        ('name', models.CharField(blank=True, max_length=120, verbose_name='nom')),
                        ('function', models.CharField(blank=True, max_length=160, verbose_name='fonction ou service')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                    ],
                    options={
                        'verbose_name': 'contact',
                        'ordering': ['position', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='contact_can_be_reached', violation_error_message='Donnez une adresse électronique ou un téléphone.'), models.UniqueConstraint(fields=('resource', 'position'), name='contact_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='resources.resource')),
                        ('kind', models.CharField(choices=[('creee', 'Fiche créée'), ('modifiee', 'Fiche modifiée'), ('soumise', 'Soumise à relecture'), ('acceptee', 'Publiée'), ('renvoyee', 'Renvoyée à l’auteur'), ('reprise', 'Reprise en brouillon'), ('prolongee', 'Prolongée'), ('expiree', 'Périmée'), ('archivee', 'Archivée'), ('miroir', 'Mise à jour depuis la source')], max_length=10, verbose_name='quoi')),
                        ('at', models.DateTimeField(default=preau.core.clock.now, verbose_name='quand')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('reason', models.CharField(blank=True, max_length=1000, verbose_name='motif')),
                        ('changed', models.JSONField(blank=True, default=list)),
                        ('content', models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        'verbose_name': 'ligne d’historique',
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Signal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='resources.resource')),
                        ('reason', models.CharField(choices=[('perimee', 'La fiche est périmée'), ('erreur', 'Il y a une erreur'), ('lien', 'Un lien ne marche plus'), ('contact', 'Le contact n’est plus le bon'), ('autre', 'Autre chose')], max_length=10, verbose_name='motif')),
                        ('message', models.CharField(blank=True, max_length=1000, verbose_name='précision')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='signalé le')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='traité le')),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('answer', models.CharField(blank=True, max_length=500, verbose_name='suite donnée')),
                    ],
                    options={
                        'verbose_name': 'signalement',
                        'ordering': ['id'],
                        'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['resource'], name='signal_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='signal_closed_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='MirrorRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(choices=[('site', 'Rédigée sur la plateforme'), ('preau', 'Livrée avec Préau, à vérifier'), ('aides-territoires', 'Aides-territoires')], max_length=20, verbose_name='source')),
                        ('started_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='commencée le')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='finie le')),
                        ('is_whole', models.BooleanField(default=False, verbose_name='entière')),
                        ('read', models.PositiveIntegerField(default=0, verbose_name='lues')),
                        ('created', models.PositiveIntegerField(default=0, verbose_name='nouvelles')),
                        ('updated', models.PositiveIntegerField(default=0, verbose_name='changées')),
                        ('retired', models.PositiveIntegerField(default=0, verbose_name='retirées')),
                        ('skipped', models.PositiveIntegerField(default=0, verbose_name='écartées')),
                        ('told', models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        'verbose_name': 'lecture d’une source',
                        'indexes': [models.Index(fields=['source', '-id'], name='mirror_runs')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('is_whole', False), ('ended_at__isnull', False), _connector='OR'), name='mirror_whole_is_ended')],
                    },
                ),
            ],
        ),
    ]
