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
        ('projects', '0002_keep_what_was_and_find_by_text'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Procedure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('path', models.CharField(max_length=120, unique=True, verbose_name='adresse sur le service')),
                        ('number', models.PositiveBigIntegerField(unique=True, verbose_name='numéro')),
                        ('title', models.CharField(max_length=300, verbose_name='intitulé')),
                        ('revision', models.CharField(max_length=120)),
                        ('champs', models.JSONField(default=list)),
                        ('fetched_at', models.DateTimeField(verbose_name='lue le')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='fermée depuis le')),
                        ('label', models.CharField(max_length=200, verbose_name='nom donné aux porteurs')),
                        ('funder', models.CharField(blank=True, max_length=160, verbose_name='financeur')),
                        ('family', models.CharField(choices=[('detr_dsil', 'DETR ou DSIL'), ('fonds_vert', 'Fonds vert'), ('fnadt', 'FNADT'), ('autre', 'Autre démarche')], default='autre', max_length=12, verbose_name='modèle')),
                        ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.programme')),
                        ('area', models.CharField(default='nation:', max_length=60, verbose_name='territoire')),
                        ('closes_on', models.DateField(blank=True, null=True, verbose_name='dernier jour')),
                        ('state', models.CharField(choices=[('en_preparation', 'En préparation'), ('proposee', 'Proposée aux porteurs'), ('retiree', 'Retirée')], default='en_preparation', max_length=16, verbose_name='état')),
                        ('published_at', models.DateTimeField(blank=True, null=True)),
                        ('mapping', models.JSONField(default=dict)),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now)),
                        ('sealed_token', models.TextField(blank=True)),
                        ('agent_since', models.DateTimeField(blank=True, null=True)),
                        ('agent_after', models.CharField(blank=True, max_length=300)),
                        ('agent_started', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'démarche',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'proposee'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='procedure_published_is_dated'), models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='procedure_has_a_label')],
                    },
                ),
                migrations.CreateModel(
                    name='Dossier',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.project')),
                        ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='connectors.procedure')),
                        ('funding', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='projects.fundingrequest')),
                        ('state', models.CharField(choices=[('intention', 'Envoi commencé'), ('non_cree', 'Non créé'), ('incertain', 'Création incertaine'), ('prefilled', 'À ouvrir'), ('brouillon', 'Brouillon'), ('en_construction', 'Déposé'), ('en_instruction', 'En instruction'), ('accepte', 'Accepté'), ('refuse', 'Refusé'), ('sans_suite', 'Classé sans suite'), ('expired', 'Expiré')], default='intention', max_length=16, verbose_name='état')),
                        ('trouble', models.CharField(blank=True, choices=[('pause', 'Le service ne répondait plus : il n’a pas été appelé.'), ('panne', 'Le service n’a pas répondu à temps.'), ('debordee', 'Le service reçoit trop de demandes en ce moment.'), ('fermee', 'La démarche est fermée sur le service.'), ('refuse', 'Le service n’a pas accepté l’envoi.')], max_length=10)),
                        ('number', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='numéro de dossier')),
                        ('sealed_token', models.TextField(blank=True)),
                        ('sealed_url', models.TextField(blank=True)),
                        ('sent', models.JSONField(default=list)),
                        ('unsent', models.JSONField(default=list)),
                        ('payload', models.JSONField(default=dict)),
                        ('dropped', models.JSONField(blank=True, null=True)),
                        ('compared_at', models.DateTimeField(blank=True, null=True)),
                        ('motivation', models.TextField(blank=True, max_length=5000, verbose_name='motivation')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now)),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='à ouvrir avant le')),
                        ('reminded_at', models.DateTimeField(blank=True, null=True)),
                        ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='état relu le')),
                        ('missing_at', models.DateTimeField(blank=True, null=True)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='déposé le')),
                        ('processed_at', models.DateTimeField(blank=True, null=True, verbose_name='décision le')),
                        ('moved_at', models.DateTimeField(default=preau.core.clock.now)),
                    ],
                    options={
                        'verbose_name': 'dossier de subvention',
                        'indexes': [models.Index(fields=['project', '-id'], name='dossier_of_project'), models.Index(models.OrderBy(models.F('checked_at'), nulls_first=True), models.F('state'), name='dossier_to_follow')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['brouillon', 'intention', 'prefilled'])), fields=('project', 'procedure'), name='dossier_one_to_finish', violation_error_message='Un dossier est déjà commencé pour cette démarche.'), models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('procedure', 'number'), name='dossier_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepte', 'brouillon', 'en_construction', 'en_instruction', 'prefilled', 'refuse', 'sans_suite']), _negated=True), models.Q(('expires_at__isnull', False), ('number__isnull', False), models.Q(('sealed_token', ''), _negated=True)), _connector='OR'), name='dossier_there_has_its_token'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['non_cree', 'incertain']), _negated=True), models.Q(('trouble', ''), _negated=True), _connector='OR'), name='dossier_not_created_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='DossierMove',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='connectors.dossier')),
                        ('at', models.DateTimeField(default=preau.core.clock.now)),
                        ('before', models.CharField(choices=[('intention', 'Envoi commencé'), ('non_cree', 'Non créé'), ('incertain', 'Création incertaine'), ('prefilled', 'À ouvrir'), ('brouillon', 'Brouillon'), ('en_construction', 'Déposé'), ('en_instruction', 'En instruction'), ('accepte', 'Accepté'), ('refuse', 'Refusé'), ('sans_suite', 'Classé sans suite'), ('expired', 'Expiré')], max_length=16)),
                        ('after', models.CharField(choices=[('intention', 'Envoi commencé'), ('non_cree', 'Non créé'), ('incertain', 'Création incertaine'), ('prefilled', 'À ouvrir'), ('brouillon', 'Brouillon'), ('en_construction', 'Déposé'), ('en_instruction', 'En instruction'), ('accepte', 'Accepté'), ('refuse', 'Refusé'), ('sans_suite', 'Classé sans suite'), ('expired', 'Expiré')], max_length=16)),
                    ],
                    options={
                        'verbose_name': 'changement d’état d’un dossier',
                        'indexes': [models.Index(fields=['dossier', '-id'], name='dossier_move_of')],
                    },
                ),
            ],
        ),
    ]
