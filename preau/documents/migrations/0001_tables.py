import django.db.models.deletion
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Document',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('assurance', 'Attestation d’assurance'), ('statuts', 'Statuts'), ('recepisse_rna', 'Récépissé de déclaration (RNA)'), ('kbis', 'Extrait Kbis'), ('rib', 'RIB'), ('pouvoir', 'Délégation de signature ou pouvoir'), ('engagement_republicain', 'Contrat d’engagement républicain'), ('avis_conseil', 'Avis du conseil d’école ou d’administration'), ('convention', 'Convention'), ('preuve', 'Dossier de preuve'), ('etat_des_lieux', 'État des lieux'), ('facture', 'Facture'), ('autre', 'Autre document')], max_length=30, verbose_name='nature')),
                        ('title', models.CharField(max_length=160, verbose_name='titre')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='documents.storedfile')),
                        ('owner_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to=settings.AUTH_USER_MODEL)),
                        ('owner_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='accounts.organization')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                        ('facts', models.JSONField(blank=True, default=dict, verbose_name='précisions')),
                        ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='déposé le')),
                        ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                        ('locked_until', models.DateField(blank=True, null=True, verbose_name='verrouillé jusqu’au')),
                    ],
                    options={
                        'verbose_name': 'document',
                        'indexes': [models.Index(fields=['owner_organization', 'kind'], name='document_of_organization'), models.Index(fields=['owner_user', 'kind'], name='document_of_person'), models.Index(fields=['expires_on'], name='document_expiry')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('owner_user', None), ('owner_organization', None), _connector='OR'), name='document_one_owner'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'assurance'), _negated=True), ('expires_on__isnull', False), _connector='OR'), name='document_insurance_has_an_end', violation_error_message='Indiquez jusqu’à quand l’assurance est valable.')],
                    },
                ),
                migrations.CreateModel(
                    name='DocumentReader',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='documents.document')),
                        ('key', models.CharField(max_length=40, verbose_name='public')),
                        ('added_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ajouté le')),
                    ],
                    options={
                        'verbose_name': 'lecteur d’un document',
                        'indexes': [models.Index(fields=['key', 'document'], name='document_reader_key')],
                        'constraints': [models.UniqueConstraint(fields=('document', 'key'), name='document_reader_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Elimination',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('proposed_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='proposée le')),
                        ('approved_at', models.DateTimeField(null=True, verbose_name='approuvée le')),
                        ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('done_at', models.DateTimeField(null=True, verbose_name='exécutée le')),
                    ],
                    options={
                        'verbose_name': 'bordereau d’élimination',
                        'constraints': [models.CheckConstraint(condition=models.Q(('done_at', None), ('approved_at__isnull', False), _connector='OR'), name='elimination_approved_first'), models.UniqueConstraint(condition=models.Q(('approved_at', None)), fields=('organization',), name='elimination_one_open', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='EliminationLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('elimination', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='documents.elimination')),
                        ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='elimination_lines', to='documents.document')),
                        ('kind', models.CharField(max_length=30, verbose_name='nature')),
                        ('title', models.CharField(blank=True, max_length=160, verbose_name='titre')),
                        ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
                        ('deposited_on', models.DateField(verbose_name='déposé le')),
                        ('due_on', models.DateField(verbose_name='à détruire depuis le')),
                        ('reason', models.CharField(max_length=200, verbose_name='règle')),
                        ('destroyed_at', models.DateTimeField(null=True, verbose_name='détruit le')),
                        ('kept_because', models.CharField(blank=True, max_length=200, verbose_name='gardé, car')),
                    ],
                    options={
                        'verbose_name': 'ligne d’un bordereau d’élimination',
                    },
                ),
                migrations.CreateModel(
                    name='StoredFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sha256', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                        ('size', models.PositiveBigIntegerField(verbose_name='taille en octets')),
                        ('media_type', models.CharField(max_length=80, verbose_name='type')),
                        ('width', models.PositiveIntegerField(blank=True, null=True, verbose_name='largeur')),
                        ('height', models.PositiveIntegerField(blank=True, null=True, verbose_name='hauteur')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='déposé le')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('given_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='donné le')),
                        ('locked_until', models.DateField(blank=True, null=True, verbose_name='verrouillé jusqu’au')),
                    ],
                    options={
                        'verbose_name': 'fichier',
                        'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='stored_file_sha256')],
                    },
                ),
                migrations.CreateModel(
                    name='JournalEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('chain', models.CharField(max_length=80, verbose_name='chaîne')),
                        ('seq', models.PositiveIntegerField(verbose_name='rang')),
                        ('at', models.DateTimeField(verbose_name='date')),
                        ('kind', models.CharField(max_length=60, verbose_name='nature')),
                        ('data', models.JSONField(default=dict, verbose_name='contenu')),
                        ('private_hash', models.CharField(blank=True, max_length=64, verbose_name='empreinte de la part privée')),
                        ('prev', models.CharField(max_length=64, verbose_name='empreinte précédente')),
                        ('hash', models.CharField(max_length=64, verbose_name='empreinte')),
                    ],
                    options={
                        'verbose_name': 'ligne du journal',
                        'verbose_name_plural': 'journal',
                        'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='journal_chain_order'), models.CheckConstraint(condition=models.Q(('hash__regex', '^[0-9a-f]{64}$'), ('prev__regex', '^[0-9a-f]{64}$')), name='journal_digests')],
                    },
                ),
                migrations.CreateModel(
                    name='JournalPrivate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='private', to='documents.journalentry')),
                        ('salt', models.CharField(max_length=64)),
                        ('data', models.JSONField(default=dict, verbose_name='contenu')),
                    ],
                    options={
                        'verbose_name': 'part privée d’une ligne du journal',
                    },
                ),
                migrations.CreateModel(
                    name='JournalAnchor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('chain', models.CharField(max_length=80, verbose_name='chaîne')),
                        ('seq', models.PositiveIntegerField(verbose_name='rang')),
                        ('hash', models.CharField(max_length=64, verbose_name='empreinte')),
                        ('at', models.DateTimeField(verbose_name='horodatée le')),
                        ('manifest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('token', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                    ],
                    options={
                        'verbose_name': 'ancre du journal',
                        'indexes': [models.Index(fields=['chain', 'seq'], name='journal_anchor_chain')],
                    },
                ),
            ],
        ),
    ]
