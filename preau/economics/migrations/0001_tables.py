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
        ('documents', '0002_guard_journal_and_documents'),
        ('places', '0001_tables'),
        ('projects', '0002_keep_what_was_and_find_by_text'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='CostAllocation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cost_allocations', to='accounts.organization')),
                        ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('place_name', models.CharField(max_length=160, verbose_name='lieu')),
                        ('first_day', models.DateField(verbose_name='du')),
                        ('last_day', models.DateField(verbose_name='au (inclus)')),
                        ('state', models.CharField(choices=[('brouillon', 'Brouillon'), ('proposee', 'Proposée aux occupants'), ('arretee', 'Arrêtée')], default='brouillon', max_length=10, verbose_name='état')),
                        ('rule', models.CharField(blank=True, choices=[('heures_m2', 'Heures × m²'), ('fixe_egal', 'Part fixe égale, reste au prorata des heures'), ('shapley', 'Chacun partage ce dont il a besoin (Shapley)')], max_length=15, verbose_name='règle')),
                        ('answer_by', models.DateField(blank=True, null=True, verbose_name='réponse attendue avant le')),
                        ('annex', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                        ('proposals', models.PositiveSmallIntegerField(default=0, verbose_name='fois proposée')),
                        ('proposed_at', models.DateTimeField(null=True, verbose_name='proposée le')),
                        ('reminded_at', models.DateTimeField(null=True, verbose_name='rappelée le')),
                        ('settled_at', models.DateTimeField(null=True, verbose_name='arrêtée le')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                    ],
                    options={
                        'verbose_name': 'répartition des coûts',
                        'ordering': ['-created_at', '-id'],
                        'indexes': [models.Index(condition=models.Q(('reminded_at', None), ('state', 'proposee')), fields=['answer_by'], name='allocation_to_remind')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='allocation_period', violation_error_message='La période finit après avoir commencé.'), models.CheckConstraint(condition=models.Q(models.Q(('annex', None), ('proposed_at', None), ('settled_at', None), ('state', 'brouillon')), models.Q(models.Q(('rule', ''), _negated=True), ('annex__isnull', False), ('answer_by__isnull', False), ('proposed_at__isnull', False), models.Q(models.Q(('settled_at', None), ('state', 'proposee')), models.Q(('settled_at__isnull', False), ('state', 'arretee')), _connector='OR')), _connector='OR'), name='allocation_proposed_is_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='CostItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='economics.costallocation')),
                        ('part', models.CharField(choices=[('ouverture', 'Ouverture du lieu, quoi qu’il arrive (pour toute la période)'), ('demi_journee', 'Accueil, par demi-journée tenue'), ('salle', 'Salle d’une certaine taille (pour toute la période)'), ('heure', 'Consommations, par heure de présence d’un occupant')], max_length=15, verbose_name='nature')),
                        ('label', models.CharField(max_length=120, verbose_name='intitulé')),
                        ('cents', models.PositiveBigIntegerField(verbose_name='montant')),
                        ('square_metres', models.PositiveIntegerField(blank=True, null=True, verbose_name='surface en m²')),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('part', 'salle'), ('square_metres__gt', 0)), models.Q(models.Q(('part', 'salle'), _negated=True), ('square_metres', None)), _connector='OR'), name='cost_item_room_has_a_size', violation_error_message='Une salle a une surface ; les autres charges non.')],
                    },
                ),
                migrations.CreateModel(
                    name='ProviderLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='providers', to='economics.costallocation')),
                        ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cost_shares', to='accounts.organization')),
                        ('name', models.CharField(max_length=160, verbose_name='occupant')),
                        ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                        ('square_metres', models.PositiveIntegerField(null=True, verbose_name='surface en m²')),
                        ('half_days', models.JSONField(default=list, verbose_name='demi-journées')),
                        ('origin', models.CharField(choices=[('occupations', 'Repris du planning'), ('saisi', 'Saisi'), ('engagement', 'Repris d’un engagement')], default='saisi', max_length=12)),
                        ('correction', models.CharField(blank=True, max_length=300, verbose_name='pourquoi c’est corrigé')),
                        ('share_cents', models.PositiveBigIntegerField(null=True, verbose_name='part')),
                        ('alone_cents', models.PositiveBigIntegerField(null=True, verbose_name='coût seul')),
                        ('explanation', models.JSONField(default=list, verbose_name='explication')),
                        ('answer', models.CharField(blank=True, choices=[('', 'Pas encore de réponse'), ('accord', 'D’accord'), ('objection', 'Objection')], max_length=10, verbose_name='réponse')),
                        ('answer_reason', models.CharField(blank=True, max_length=1000, verbose_name='motif')),
                        ('answered_at', models.DateTimeField(null=True, verbose_name='répondu le')),
                        ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('allocation', 'name'), name='provider_line_name_once', violation_error_message='Cet occupant figure déjà dans la répartition.'), models.UniqueConstraint(fields=('allocation', 'organization'), name='provider_line_organization_once', violation_error_message='Cette structure figure déjà dans la répartition.'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0), models.Q(('square_metres', None), ('square_metres__gt', 0), _connector='OR')), name='provider_line_comes', violation_error_message='Un occupant vient au moins une minute.'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answer_reason', ''), ('answered_at', None)), models.Q(('answer', 'accord'), ('answered_at__isnull', False)), models.Q(('answer', 'objection'), ('answered_at__isnull', False), models.Q(('answer_reason', ''), _negated=True)), _connector='OR'), name='provider_line_answer_coherent')],
                    },
                ),
                migrations.CreateModel(
                    name='EconomicModel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='economic_models', to='projects.project')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('start_cents', models.PositiveBigIntegerField(default=0, verbose_name='trésorerie de départ')),
                        ('lines', models.JSONField(default=list, verbose_name='hypothèses')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                        ('changed_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='modifié le')),
                    ],
                    options={
                        'verbose_name': 'modèle économique',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('project', 'name'), name='economic_model_name_once', violation_error_message='Un modèle de ce projet porte déjà ce nom.')],
                    },
                ),
                migrations.CreateModel(
                    name='ModelVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='economics.economicmodel')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='ce qui change')),
                        ('start_cents', models.PositiveBigIntegerField(default=0)),
                        ('lines', models.JSONField(verbose_name='hypothèses')),
                        ('seed', models.PositiveIntegerField(verbose_name='graine')),
                        ('draws', models.PositiveIntegerField(verbose_name='tirages')),
                        ('result', models.JSONField(verbose_name='résultat')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('made_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='calculée le')),
                    ],
                    options={
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('model', 'number'), name='model_version_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='model_version_from_one')],
                    },
                ),
                migrations.CreateModel(
                    name='NegotiationRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='negotiation_rounds', to='accounts.organization')),
                        ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('place_name', models.CharField(max_length=160, verbose_name='lieu')),
                        ('message', models.TextField(max_length=4000, verbose_name='message aux invités')),
                        ('target_cents', models.PositiveBigIntegerField(verbose_name='charges à couvrir par mois')),
                        ('deadline', models.DateField(verbose_name='date limite')),
                        ('state', models.CharField(choices=[('brouillon', 'En préparation'), ('ouverte', 'Ouverte aux engagements'), ('couverte', 'Charges couvertes'), ('echouee', 'Échouée'), ('abandonnee', 'Abandonnée')], default='brouillon', max_length=12, verbose_name='état')),
                        ('opened_at', models.DateTimeField(null=True, verbose_name='ouverte le')),
                        ('closed_at', models.DateTimeField(null=True, verbose_name='close le')),
                        ('close_reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                        ('reminded_at', models.DateTimeField(null=True, verbose_name='rappelée le')),
                        ('forgotten_at', models.DateTimeField(null=True, verbose_name='adresses effacées le')),
                        ('allocation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='from_round', to='economics.costallocation')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                    ],
                    options={
                        'verbose_name': 'négociation groupée',
                        'ordering': ['-created_at', '-id'],
                        'indexes': [models.Index(condition=models.Q(('state', 'ouverte')), fields=['deadline'], name='round_to_look_after'), models.Index(condition=models.Q(('forgotten_at', None)), fields=['closed_at'], name='round_to_forget')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('target_cents__gt', 0)), name='negotiation_round_target', violation_error_message='Indiquez ce qu’il y a à couvrir chaque mois.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('opened_at', None), ('state', 'brouillon')), models.Q(('closed_at', None), ('opened_at__isnull', False), ('state', 'ouverte')), models.Q(('closed_at__isnull', False), ('state', 'abandonnee')), models.Q(('closed_at__isnull', False), ('opened_at__isnull', False), ('state__in', ('couverte', 'echouee'))), _connector='OR'), name='negotiation_round_dated')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='economics.negotiationround')),
                        ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='negotiation_invitations', to='accounts.organization')),
                        ('side', models.CharField(choices=[('fournisseur', 'Fournisseur de services'), ('proprietaire', 'Propriétaire de lieu')], default='fournisseur', max_length=12, verbose_name='à quel titre')),
                        ('name', models.CharField(max_length=160, verbose_name='structure')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                        ('told_at', models.DateTimeField(null=True, verbose_name='prévenue le')),
                    ],
                    options={
                        'ordering': ['side', 'name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('round', 'organization'), name='invitation_organization_once'), models.UniqueConstraint(condition=models.Q(('email', ''), _negated=True), fields=('round', 'email'), name='invitation_email_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Commitment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='commitment', to='economics.invitation')),
                        ('state', models.CharField(choices=[('engage', 'Engagé'), ('retire', 'Retiré')], default='engage', max_length=8, verbose_name='état')),
                        ('cents', models.PositiveBigIntegerField(default=0, verbose_name='montant par mois')),
                        ('sessions', models.PositiveSmallIntegerField(default=0, verbose_name='séances par mois')),
                        ('session_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='durée d’une séance')),
                        ('square_metres', models.PositiveIntegerField(blank=True, null=True, verbose_name='surface en m²')),
                        ('half_days', models.JSONField(default=list, verbose_name='demi-journées habituelles')),
                        ('space', models.CharField(blank=True, max_length=500, verbose_name='espace proposé et heures')),
                        ('conditions', models.TextField(blank=True, max_length=2000, verbose_name='conditions')),
                        ('show_name', models.BooleanField(default=False, verbose_name='nom montré aux autres')),
                        ('made_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='pris le')),
                        ('changed_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='modifié le')),
                    ],
                    options={
                        'verbose_name': 'engagement',
                        'constraints': [models.CheckConstraint(condition=models.Q(('cents__gt', 0), models.Q(('space', ''), _negated=True), ('sessions__gt', 0), _connector='OR'), name='commitment_says_something', violation_error_message='Indiquez un montant, des séances ou un espace.')],
                    },
                ),
            ],
        ),
    ]
