import django.contrib.postgres.fields
import django.db.models.deletion
import preau.core.clock
import preau.core.schema
import uuid
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
                    name='Mirror',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mirrors', to='accounts.organization')),
                        ('keeper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('server', models.CharField(max_length=200, verbose_name='serveur')),
                        ('document', models.CharField(max_length=80, verbose_name='document')),
                        ('sealed_key', models.TextField(blank=True)),
                        ('key_number', models.PositiveSmallIntegerField(default=1)),
                        ('state', models.CharField(choices=[('prepare', 'En préparation'), ('actif', 'Actif'), ('fermeture', 'Fermeture en cours'), ('ferme', 'Fermé')], default='prepare', max_length=10, verbose_name='état')),
                        ('leaving', models.CharField(choices=[('retirer', 'Retirer la ligne de Grist'), ('vider', 'Vider la ligne et la marquer « Hors périmètre »')], default='retirer', max_length=8, verbose_name='ce qui sort du périmètre')),
                        ('closing_removes', models.BooleanField(default=True)),
                        ('problem', models.CharField(blank=True, choices=[('', 'Aucun'), ('serveur', 'Serveur non autorisé'), ('cle', 'Clé refusée'), ('document', 'Document introuvable'), ('table', 'Table supprimée dans Grist'), ('colonne', 'Colonne supprimée dans Grist'), ('offre', 'Limite de l’offre Grist atteinte'), ('responsable', 'Plus personne ne tient ce miroir'), ('autre', 'Refus de Grist')], default='', max_length=12)),
                        ('problem_text', models.CharField(blank=True, max_length=600)),
                        ('problem_at', models.DateTimeField(null=True)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='fermé le')),
                    ],
                    options={
                        'verbose_name': 'miroir',
                        'indexes': [models.Index(fields=['organization', '-id'], name='mirror_of')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'ferme'), _negated=True), fields=('server', 'document'), name='mirror_document_once', violation_error_message='Ce document Grist reçoit déjà un miroir.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('sealed_key', ''), ('state', 'ferme')), models.Q(models.Q(('state', 'ferme'), _negated=True), ('closed_at', None)), _connector='OR'), name='mirror_closed_forgets_its_key')],
                    },
                ),
                migrations.CreateModel(
                    name='MirroredTable',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mirror', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tables', to='mirrors.mirror')),
                        ('source', models.CharField(max_length=20, verbose_name='quoi')),
                        ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None, verbose_name='colonnes')),
                        ('opened', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('remote', models.CharField(blank=True, max_length=120, verbose_name='table dans Grist')),
                        ('made', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('recreate', models.BooleanField(default=False)),
                        ('asked_at', models.DateTimeField(null=True)),
                        ('synced_until', models.DateTimeField(null=True)),
                        ('hook_digest', models.CharField(blank=True, max_length=64)),
                        ('sealed_hook', models.TextField(blank=True)),
                        ('hook', models.CharField(blank=True, max_length=80, verbose_name='webhook dans Grist')),
                        ('hook_problem', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'table d’un miroir',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('mirror', 'source'), name='mirrored_table_once'), models.UniqueConstraint(condition=models.Q(('hook_digest', ''), _negated=True), fields=('hook_digest',), name='mirrored_hook_once')],
                    },
                ),
                migrations.CreateModel(
                    name='MirroredRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='mirrors.mirroredtable')),
                        ('subject_id', models.BigIntegerField()),
                        ('uuid', models.UUIDField()),
                        ('remote_id', models.BigIntegerField(null=True)),
                        ('sent_hash', models.CharField(blank=True, max_length=64)),
                        ('seen_hash', models.CharField(blank=True, max_length=64)),
                        ('base', models.JSONField(null=True)),
                        ('left_at', models.DateTimeField(null=True)),
                        ('sent_at', models.DateTimeField(default=preau.core.clock.now)),
                        ('state_side', models.BooleanField(null=True)),
                    ],
                    options={
                        'verbose_name': 'ligne d’un miroir',
                        'indexes': [models.Index(fields=['table', 'remote_id'], name='mirrored_row_remote')],
                        'constraints': [models.UniqueConstraint(fields=('table', 'subject_id'), name='mirrored_row_once'), models.UniqueConstraint(fields=('table', 'uuid'), name='mirrored_row_uuid_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Hint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('table', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hints', to='mirrors.mirroredtable')),
                        ('remote_id', models.BigIntegerField()),
                        ('at', models.DateTimeField(default=preau.core.clock.now)),
                    ],
                    options={
                        'verbose_name': 'ligne à relire',
                        'constraints': [models.UniqueConstraint(fields=('table', 'remote_id'), name='mirror_hint_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Conflict',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='mirrors.mirroredrow')),
                        ('group', models.CharField(max_length=40, verbose_name='quoi')),
                        ('kind', models.CharField(choices=[('deux', 'Modifié des deux côtés'), ('refus', 'Refusé par Préau')], max_length=6)),
                        ('ours', models.JSONField(verbose_name='dans Préau')),
                        ('theirs', models.JSONField(verbose_name='dans Grist')),
                        ('reason', models.CharField(blank=True, max_length=600, verbose_name='motif')),
                        ('state', models.CharField(choices=[('ouvert', 'À trancher'), ('garde', 'Valeur de Préau gardée'), ('accepte', 'Valeur de Grist acceptée'), ('disparu', 'Les deux valeurs se sont rejointes')], default='ouvert', max_length=8, verbose_name='état')),
                        ('at', models.DateTimeField(default=preau.core.clock.now)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decided_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name': 'conflit d’un miroir',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'ouvert')), fields=('row', 'group'), name='mirror_conflict_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'ouvert')), models.Q(models.Q(('state', 'ouvert'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='mirror_conflict_decided_is_dated')],
                    },
                ),
                migrations.CreateModel(
                    name='MirrorRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('mirror', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='mirrors.mirror')),
                        ('kind', models.CharField(choices=[('recent', 'Ce qui a changé récemment'), ('complet', 'Tout ce qui a changé'), ('controle', 'Contrôle complet, lignes relues'), ('fermeture', 'Fermeture')], max_length=10, verbose_name='nature')),
                        ('state', models.CharField(choices=[('attente', 'En attente'), ('en_cours', 'En cours'), ('fait', 'Terminée'), ('arretee', 'Arrêtée'), ('echec', 'Échec')], default='attente', max_length=10, verbose_name='état')),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='demandée le')),
                        ('started_at', models.DateTimeField(null=True, verbose_name='commencée le')),
                        ('told_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='dernière nouvelle')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminée le')),
                        ('claim', models.UUIDField(null=True)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('stop_asked', models.BooleanField(default=False)),
                        ('position', models.JSONField(default=dict)),
                        ('expected', models.PositiveIntegerField(default=0, verbose_name='lignes à regarder')),
                        ('looked', models.PositiveIntegerField(default=0, verbose_name='lignes regardées')),
                        ('sent', models.PositiveIntegerField(default=0, verbose_name='lignes envoyées')),
                        ('removed', models.PositiveIntegerField(default=0, verbose_name='lignes retirées')),
                        ('applied', models.PositiveIntegerField(default=0, verbose_name='changements repris')),
                        ('calls', models.PositiveIntegerField(default=0, verbose_name='appels à Grist')),
                        ('error', models.CharField(blank=True, max_length=600, verbose_name='ce qui s’est passé')),
                    ],
                    options={
                        'verbose_name': 'synchronisation',
                        'ordering': ['-id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('attente', 'en_cours'))), fields=('mirror',), name='mirror_one_live_run', violation_error_message='Une synchronisation de ce miroir est déjà en cours.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ('attente', 'en_cours'))), models.Q(models.Q(('state__in', ('attente', 'en_cours')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='mirror_run_ended_is_dated')],
                    },
                ),
            ],
        ),
    ]
