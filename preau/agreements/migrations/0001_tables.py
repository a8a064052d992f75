import django.contrib.postgres.fields
import django.db.models.constraints
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
        ('documents', '0002_guard_journal_and_documents'),
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='AgreementCounter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                        ('last', models.PositiveIntegerField(default=0, verbose_name='dernier numéro')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('owner', 'year'), name='agreement_counter_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='accounts.organization')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='année')),
                        ('sequence', models.PositiveIntegerField(verbose_name='rang dans l’année')),
                        ('amendment', models.PositiveSmallIntegerField(default=0, verbose_name='rang de l’avenant')),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='numéro')),
                        ('amends', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='agreements.agreement')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.modelversion')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='places.place')),
                        ('holder_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to=settings.AUTH_USER_MODEL)),
                        ('holder_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='held_agreements', to='accounts.organization')),
                        ('subject', models.CharField(max_length=160, verbose_name='objet')),
                        ('starts_on', models.DateField(verbose_name='première date')),
                        ('ends_on', models.DateField(verbose_name='dernière date')),
                        ('total_cents', models.PositiveIntegerField(default=0, verbose_name='prix, en centimes')),
                        ('variables', models.JSONField(verbose_name='variables')),
                        ('content', models.JSONField(verbose_name='contenu')),
                        ('state', models.CharField(choices=[('en_preparation', 'En préparation'), ('en_signature', 'En signature'), ('signee', 'Signée'), ('refusee', 'Refusée'), ('expiree', 'Expirée'), ('annulee', 'Annulée')], default='en_preparation', max_length=20, verbose_name='état')),
                        ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='établie le')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signée le')),
                        ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                        ('reason', models.TextField(blank=True, verbose_name='motif de l’annulation')),
                        ('occupancies', models.ManyToManyField(related_name='agreements', through='agreements.AgreementOccupancy', to='availability.occupancy')),
                    ],
                    options={
                        'verbose_name': 'convention',
                        'indexes': [models.Index(fields=['owner', '-created_at', '-id'], name='agreement_of_owner'), models.Index(fields=['holder_organization'], name='agreement_of_structure'), models.Index(fields=['holder_user'], name='agreement_of_person')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amendment', 0), ('amends', None)), models.Q(('amendment__gte', 1), ('amends__isnull', False)), _connector='OR'), name='agreement_amendment_coherent'), models.UniqueConstraint(condition=models.Q(('state__in', ('en_preparation', 'en_signature')), ('amends__isnull', False)), fields=('amends',), name='agreement_one_amendment_at_a_time', violation_error_message='Un avenant à cette convention attend déjà sa signature.'), models.CheckConstraint(condition=models.Q(models.Q(('holder_organization__isnull', False), ('holder_user', None)), models.Q(('holder_organization', None), ('holder_user__isnull', False)), _connector='OR'), name='agreement_held_by_someone'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='agreement_dates_in_order'), models.CheckConstraint(condition=models.Q(('document__isnull', False), models.Q(('state__in', ('en_signature', 'signee')), _negated=True), _connector='OR'), name='agreement_has_its_document'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', False), ('state', 'signee')), ('state', 'annulee'), models.Q(models.Q(('state__in', ('signee', 'annulee')), _negated=True), ('signed_at', None)), _connector='OR'), name='agreement_signed_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('state', 'annulee'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'annulee'), _negated=True), ('cancelled_at', None), ('reason', '')), _connector='OR'), name='agreement_cancelled_coherent')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementOccupancy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occupied', to='agreements.agreement')),
                        ('occupancy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_lines', to='availability.occupancy')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'occupancy'), name='agreement_occupancy_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SigningAuthority',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signing_authorities', to='accounts.organization')),
                        ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='signing_authorities', to='places.place', verbose_name='lieu')),
                        ('role', models.CharField(choices=[('proprietaire', 'Représentant du propriétaire'), ('chef_etablissement', 'Chef d’établissement')], max_length=20, verbose_name='en tant que')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=120, verbose_name='prénom et nom')),
                        ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                        ('capacity', models.CharField(max_length=120, verbose_name='qualité')),
                        ('is_delegate', models.BooleanField(default=False, verbose_name='signe par délégation')),
                        ('delegation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document', verbose_name='acte de délégation')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                    ],
                    options={
                        'verbose_name': 'pouvoir de signer',
                        'verbose_name_plural': 'pouvoirs de signer',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organization', 'place', 'role'), name='signing_authority_one', nulls_distinct=False, violation_error_message='Un signataire est déjà désigné ici pour ce rôle.'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'chef_etablissement'), _negated=True), ('place__isnull', False), _connector='OR'), name='signing_authority_head_of_a_place', violation_error_message='Le chef d’établissement signe pour un lieu précis.'), models.CheckConstraint(condition=models.Q(('capacity', ''), _negated=True), name='signing_authority_has_a_capacity')],
                    },
                ),
                migrations.CreateModel(
                    name='BoardOpinion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='board_opinions', to='places.place')),
                        ('board', models.CharField(max_length=120, verbose_name='conseil')),
                        ('given_on', models.DateField(verbose_name='avis rendu le')),
                        ('is_favorable', models.BooleanField(default=True, verbose_name='avis favorable')),
                        ('covers_until', models.DateField(blank=True, null=True, verbose_name='pour les occupations jusqu’au')),
                        ('note', models.CharField(blank=True, max_length=250, verbose_name='réserves')),
                        ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                    ],
                    options={
                        'verbose_name': 'avis d’un conseil',
                        'verbose_name_plural': 'avis des conseils',
                        'ordering': ['-given_on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('covers_until', None), ('covers_until__gte', models.F('given_on')), _connector='OR'), name='board_opinion_dates', violation_error_message='La date de fin suit celle de l’avis.')],
                    },
                ),
                migrations.CreateModel(
                    name='Model',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreement_models', to='accounts.organization')),
                        ('case', models.CharField(choices=[('communal', 'Salle communale prêtée à une association'), ('domaine_public', 'Occupation temporaire du domaine public'), ('ecole', 'Locaux d’une école, hors temps scolaire'), ('college', 'Locaux d’un collège, hors temps de formation'), ('lycee', 'Locaux d’un lycée, hors temps de formation'), ('prive', 'Locaux privés'), ('charte', 'Charte des lieux partagés')], max_length=20, verbose_name='cas')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('is_archived', models.BooleanField(default=False, verbose_name='archivé')),
                        ('base', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='agreements.modelversion')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                    ],
                    options={
                        'verbose_name': 'modèle de convention',
                        'verbose_name_plural': 'modèles de convention',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('organization', None)), fields=('case',), name='agreement_model_national_once'), models.UniqueConstraint(condition=models.Q(('is_archived', False)), fields=('organization', 'name'), name='agreement_model_name_once', violation_error_message='Un modèle de convention porte déjà ce nom.')],
                    },
                ),
                migrations.CreateModel(
                    name='ModelVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='agreements.model')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                        ('state', models.CharField(choices=[('brouillon', 'Brouillon'), ('publiee', 'Publiée')], default='brouillon', max_length=10, verbose_name='état')),
                        ('title', models.CharField(max_length=160, verbose_name='titre de la convention')),
                        ('legal_basis', models.CharField(max_length=250, verbose_name='fondement')),
                        ('gates', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('signataire_proprietaire', 'Le signataire du propriétaire est habilité'), ('chef_etablissement', 'Le chef d’établissement est désigné'), ('signataire_occupant', 'Le représentant de l’occupant est nommé'), ('avis_conseil', 'L’avis du conseil est recueilli'), ('sans_exploitation', 'L’occupation n’est pas une exploitation économique'), ('assurance', 'L’assurance couvre chaque date'), ('engagement_republicain', 'Le contrat d’engagement républicain est souscrit')], max_length=30), blank=True, default=list, size=None)),
                        ('note', models.CharField(blank=True, max_length=250, verbose_name='ce qui change')),
                        ('source_digest', models.CharField(blank=True, max_length=64)),
                        ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
                        ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'version d’un modèle',
                        'verbose_name_plural': 'versions des modèles',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('model', 'number'), name='model_version_number'), models.UniqueConstraint(condition=models.Q(('state', 'brouillon')), fields=('model',), name='model_version_one_draft', violation_error_message='Un brouillon de ce modèle existe déjà.'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('state', 'brouillon')), models.Q(('published_at__isnull', False), ('state', 'publiee')), _connector='OR'), name='model_version_published_coherent')],
                    },
                ),
                migrations.CreateModel(
                    name='Clause',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='agreements.modelversion')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='rang')),
                        ('kind', models.CharField(choices=[('article', 'Article'), ('annexe', 'Annexe')], default='article', max_length=10, verbose_name='nature')),
                        ('key', models.SlugField(max_length=40, verbose_name='repère')),
                        ('title', models.CharField(max_length=120, verbose_name='titre')),
                        ('text', models.TextField(blank=True, verbose_name='texte')),
                        ('table', models.CharField(blank=True, choices=[('', 'Aucun tableau'), ('locaux', 'Locaux mis à disposition'), ('equipements', 'Équipements et matériel'), ('dates', 'Dates et horaires'), ('prix', 'Lignes de prix')], max_length=12, verbose_name='tableau')),
                        ('legal_basis', models.CharField(blank=True, max_length=250, verbose_name='fondement')),
                        ('condition', models.CharField(blank=True, choices=[('', 'Toujours'), ('association', 'L’occupant est une association'), ('personne_morale', 'L’occupant est une personne morale'), ('prix', 'L’occupation est payante'), ('gratuit', 'L’occupation est gratuite'), ('caution', 'Une caution est demandée'), ('ecole', 'Les locaux sont ceux d’un établissement scolaire'), ('evenement', 'La manifestation est ouverte au public'), ('serie', 'L’occupation se répète'), ('materiel', 'Du matériel est mis à disposition'), ('reglement', 'Le lieu a des règles de la maison'), ('economique', 'L’occupation sert une activité économique')], max_length=20, verbose_name='quand')),
                        ('is_required', models.BooleanField(default=False, verbose_name='usuelle')),
                        ('removed_because', models.CharField(blank=True, max_length=250, verbose_name='retirée, car')),
                    ],
                    options={
                        'verbose_name': 'clause',
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('version', 'position'), name='clause_position'), models.UniqueConstraint(fields=('version', 'key'), name='clause_key_once', violation_error_message='Une clause porte déjà ce repère.'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('table', ''), _negated=True), _connector='OR'), name='clause_says_something', violation_error_message='Écrivez le texte de la clause.'), models.CheckConstraint(condition=models.Q(('removed_because', ''), ('is_required', True), _connector='OR'), name='clause_usual_removed_with_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='SignatureRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='agreements.agreement')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                        ('provider', models.CharField(choices=[('interne', 'Signature simple de Préau'), ('yousign', 'Yousign')], default='interne', max_length=20, verbose_name='service de signature')),
                        ('remote_id', models.CharField(blank=True, max_length=80)),
                        ('state', models.CharField(choices=[('preparation', 'En préparation'), ('ouvert', 'Signatures en cours'), ('scellement', 'Scellement en cours'), ('preuve', 'Dossier de preuve en cours'), ('termine', 'Signé par tous'), ('refuse', 'Refusé par un signataire'), ('expire', 'Délai dépassé'), ('annule', 'Annulé')], default='preparation', max_length=20, verbose_name='état')),
                        ('opened_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ouvert le')),
                        ('deadline', models.DateTimeField(verbose_name='à signer avant le')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                        ('frozen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('held_up_since', models.DateTimeField(blank=True, null=True, verbose_name='en attente depuis le')),
                        ('foreign_proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('on_paper', models.BooleanField(default=False, verbose_name='signé sur papier')),
                        ('signed_on', models.DateField(blank=True, null=True, verbose_name='date des signatures sur papier')),
                        ('outcome', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                    ],
                    options={
                        'verbose_name': 'tour de signature',
                        'verbose_name_plural': 'tours de signature',
                        'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['deadline'], name='round_live_deadline')],
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'number'), name='round_number'), models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('agreement',), name='round_one_live', violation_error_message='Un tour de signature est déjà en cours.'), models.UniqueConstraint(condition=models.Q(('remote_id', ''), _negated=True), fields=('provider', 'remote_id'), name='round_remote_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ('preparation', 'ouvert', 'scellement', 'preuve'))), models.Q(models.Q(('state__in', ('preparation', 'ouvert', 'scellement', 'preuve')), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='round_closed_coherent'), models.CheckConstraint(condition=models.Q(('state', 'preparation'), ('state__in', ('annule', 'expire')), models.Q(('frozen__isnull', False), ('revision__isnull', False)), _connector='OR'), name='round_has_its_file'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'termine'), _negated=True), ('outcome__isnull', False), _connector='OR'), name='round_done_has_an_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('on_paper', False), ('signed_on', None)), models.Q(('on_paper', True), ('signed_on__isnull', False)), _connector='OR'), name='round_paper_is_dated'), models.CheckConstraint(condition=models.Q(('deadline__gt', models.F('opened_at'))), name='round_deadline_after_opening')],
                    },
                ),
                migrations.CreateModel(
                    name='Signatory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatories', to='agreements.signatureround')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='rang')),
                        ('role', models.CharField(choices=[('occupant', 'Occupant'), ('proprietaire', 'Propriétaire'), ('chef_etablissement', 'Chef d’établissement'), ('autre', 'Autre partie')], max_length=20, verbose_name='qualité de partie')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                        ('capacity', models.CharField(blank=True, max_length=120, verbose_name='qualité')),
                        ('party', models.CharField(blank=True, max_length=160, verbose_name='au nom de')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('field', models.CharField(max_length=40)),
                        ('state', models.CharField(choices=[('en_attente', 'Attend son tour'), ('invite', 'Invité à signer'), ('identifie', 'Identifié'), ('consent', 'Signature en cours'), ('signe', 'A signé'), ('refuse', 'A refusé')], default='en_attente', max_length=20, verbose_name='état')),
                        ('invited_at', models.DateTimeField(blank=True, null=True, verbose_name='invité le')),
                        ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='relancé le')),
                        ('link_digest', models.CharField(blank=True, max_length=64)),
                        ('link_expires_at', models.DateTimeField(blank=True, null=True)),
                        ('link_used_at', models.DateTimeField(blank=True, null=True)),
                        ('code_digest', models.CharField(blank=True, max_length=64)),
                        ('code_expires_at', models.DateTimeField(blank=True, null=True)),
                        ('code_tries', models.PositiveSmallIntegerField(default=0)),
                        ('identified_at', models.DateTimeField(blank=True, null=True, verbose_name='identifié le')),
                        ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='document ouvert le')),
                        ('consent_version', models.CharField(blank=True, max_length=10)),
                        ('consent_text', models.TextField(blank=True, verbose_name='consentement')),
                        ('consented_at', models.DateTimeField(blank=True, null=True, verbose_name='consentement le')),
                        ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signé le')),
                        ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='refusé le')),
                        ('reason', models.TextField(blank=True, verbose_name='motif du refus')),
                        ('revision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('signs_elsewhere', models.BooleanField(default=False)),
                    ],
                    options={
                        'verbose_name': 'signataire',
                        'ordering': ['position'],
                        'constraints': [models.UniqueConstraint(fields=('round', 'position'), name='signatory_position'), models.UniqueConstraint(fields=('round', 'field'), name='signatory_field'), models.CheckConstraint(condition=models.Q(('position__gte', 1), ('position__lte', 5)), name='signatory_one_to_five'), models.CheckConstraint(condition=models.Q(models.Q(('invited_at', None), ('state', 'en_attente')), models.Q(models.Q(('state', 'en_attente'), _negated=True), ('invited_at__isnull', False)), _connector='OR'), name='signatory_invited_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('identifie', 'consent', 'signe')), _negated=True), ('signs_elsewhere', True), ('identified_at__isnull', False), _connector='OR'), name='signatory_identified_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('consent', 'signe')), models.Q(('signs_elsewhere', True), models.Q(('consented_at__isnull', False), ('read_at__isnull', False), models.Q(('consent_version', ''), _negated=True), models.Q(('consent_text', ''), _negated=True)), _connector='OR')), models.Q(models.Q(('state__in', ('consent', 'signe')), _negated=True), ('consented_at', None)), _connector='OR'), name='signatory_consent_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('revision__isnull', False), ('signed_at__isnull', False), ('state', 'signe')), models.Q(models.Q(('state', 'signe'), _negated=True), ('revision', None), ('signed_at', None)), _connector='OR'), name='signatory_signed_coherent'), models.CheckConstraint(condition=models.Q(models.Q(('refused_at__isnull', False), ('state', 'refuse'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'refuse'), _negated=True), ('reason', ''), ('refused_at', None)), _connector='OR'), name='signatory_refused_coherent'), models.CheckConstraint(condition=models.Q(('code_tries__lte', 5)), name='signatory_code_tries')],
                    },
                ),
                migrations.CreateModel(
                    name='Evidence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='agreements.signatureround')),
                        ('data', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                        ('signature', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                        ('foreign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                        ('made_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='établi le')),
                    ],
                    options={
                        'verbose_name': 'dossier de preuve',
                        'verbose_name_plural': 'dossiers de preuve',
                    },
                ),
                migrations.CreateModel(
                    name='SigningSettings',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='signing_settings', to='accounts.organization')),
                        ('provider', models.CharField(choices=[('interne', 'Signature simple de Préau'), ('yousign', 'Yousign')], default='interne', max_length=20, verbose_name='service de signature')),
                        ('credentials', models.TextField(blank=True)),
                    ],
                    options={
                        'verbose_name': 'réglages de signature',
                        'verbose_name_plural': 'réglages de signature',
                        'constraints': [models.CheckConstraint(condition=models.Q(('provider', 'interne'), models.Q(('credentials', ''), _negated=True), _connector='OR'), name='signing_provider_has_credentials')],
                    },
                ),
            ],
        ),
    ]
