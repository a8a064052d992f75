import django.db.models.deletion
import django.db.models.functions.text
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('territories', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse électronique')),
                        ('first_name', models.CharField(blank=True, max_length=80, verbose_name='prénom')),
                        ('last_name', models.CharField(blank=True, max_length=80, verbose_name='nom')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                        ('commune', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.commune', verbose_name='commune où vous habitez')),
                        ('is_active', models.BooleanField(default=True, verbose_name='compte actif')),
                        ('is_operator', models.BooleanField(default=False, verbose_name='opérateur de la plateforme')),
                        ('date_joined', models.DateTimeField(default=preau.core.clock.now, verbose_name='inscription')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='compte fermé le')),
                        ('last_membership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                        ('has_chosen_hat', models.BooleanField(default=False)),
                    ],
                    options={
                        'verbose_name': 'personne',
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_case_insensitive'), models.CheckConstraint(condition=models.Q(('closed_at', None), ('is_active', False), _connector='OR'), name='user_closed_is_inactive')],
                    },
                ),
                migrations.CreateModel(
                    name='Organization',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('commune', 'Commune'), ('epci', 'Intercommunalité'), ('departement', 'Département'), ('region', 'Région'), ('ecole', 'Établissement scolaire'), ('organisme', 'Organisme public'), ('association', 'Association'), ('entreprise', 'Entreprise'), ('etat', 'Service de l’État'), ('operateur', 'Opérateur de la plateforme')], max_length=20, verbose_name='nature')),
                        ('name', models.CharField(max_length=160, verbose_name='nom')),
                        ('siren', models.CharField(blank=True, max_length=9, verbose_name='SIREN')),
                        ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                        ('rna', models.CharField(blank=True, max_length=10, verbose_name='numéro RNA')),
                        ('address', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                        ('postcode', models.CharField(blank=True, max_length=5, verbose_name='code postal')),
                        ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.commune', verbose_name='commune du siège')),
                        ('epci', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.epci')),
                        ('official_email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique officielle')),
                        ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                        ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='vérifiée le')),
                        ('verified_by_method', models.CharField(blank=True, choices=[('proconnect', 'ProConnect'), ('courriel', 'Code envoyé à l’adresse officielle'), ('operateur', 'Décision de l’opérateur')], max_length=20, verbose_name='vérifiée par')),
                        ('verification_asked_at', models.DateTimeField(blank=True, null=True, verbose_name='vérification demandée le')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                        ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='accounts.organization')),
                        ('merged_at', models.DateTimeField(blank=True, null=True, verbose_name='réunie le')),
                    ],
                    options={
                        'verbose_name': 'structure',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('merged_at', None), ('merged_into', None)), models.Q(('merged_at__isnull', False), ('merged_into__isnull', False), ('verification_asked_at', None), ('verified_at', None), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='organization_merged_is_over'), models.CheckConstraint(condition=models.Q(models.Q(('verified_at', None), ('verified_by_method', '')), models.Q(('verified_at__isnull', False), models.Q(('verified_by_method', ''), _negated=True)), _connector='OR'), name='organization_verified_coherent'), models.CheckConstraint(condition=models.Q(('siret', ''), ('siret__startswith', models.F('siren')), _connector='OR'), name='organization_siret_starts_with_siren'), models.CheckConstraint(condition=models.Q(('siren__regex', '^([0-9]{9})?$'), ('siret__regex', '^([0-9]{14})?$'), ('rna__regex', '^(W[0-9][0-9A-Z][0-9]{7})?$')), name='organization_numbers_have_the_right_length'), models.UniqueConstraint(condition=models.Q(models.Q(('siret', ''), _negated=True), ('verified_at__isnull', False)), fields=('siret',), name='organization_verified_siret', violation_error_message='Une structure vérifiée porte déjà ce numéro SIRET.'), models.UniqueConstraint(condition=models.Q(models.Q(('rna', ''), _negated=True), ('verified_at__isnull', False)), fields=('rna',), name='organization_verified_rna', violation_error_message='Une association vérifiée porte déjà ce numéro RNA.')],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.organization')),
                        ('role', models.CharField(choices=[('administrateur', 'Administration'), ('gestionnaire', 'Gestion'), ('valideur', 'Validation des demandes'), ('gardien', 'Gardiennage'), ('membre', 'Membre')], max_length=20, verbose_name='rôle')),
                        ('started_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='depuis le')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='jusqu’au')),
                    ],
                    options={
                        'verbose_name': 'adhésion',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user', 'organization'), name='membership_one_live', violation_error_message='Cette personne est déjà membre de la structure.')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.organization')),
                        ('email', models.EmailField(max_length=254, verbose_name='adresse électronique')),
                        ('role', models.CharField(choices=[('administrateur', 'Administration'), ('gestionnaire', 'Gestion'), ('valideur', 'Validation des demandes'), ('gardien', 'Gardiennage'), ('membre', 'Membre')], max_length=20, verbose_name='rôle')),
                        ('token_digest', models.CharField(max_length=64, unique=True)),
                        ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='envoyée le')),
                        ('expires_at', models.DateTimeField(verbose_name='valable jusqu’au')),
                        ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='acceptée le')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                    ],
                    options={
                        'verbose_name': 'invitation',
                        'constraints': [models.CheckConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None), _connector='OR'), name='invitation_ends_one_way'), models.UniqueConstraint(models.F('organization'), django.db.models.functions.text.Lower('email'), condition=models.Q(('accepted_at', None), ('revoked_at', None)), name='invitation_one_pending', violation_error_message='Une invitation est déjà en attente pour cette adresse.')],
                    },
                ),
                migrations.CreateModel(
                    name='MailboxChallenge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='challenges', to='accounts.organization')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('mailbox', models.EmailField(max_length=254, verbose_name='adresse officielle')),
                        ('code_digest', models.CharField(max_length=64)),
                        ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='envoyé le')),
                        ('expires_at', models.DateTimeField(verbose_name='valable jusqu’au')),
                        ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='utilisé le')),
                    ],
                    options={
                        'verbose_name': 'code de vérification',
                    },
                ),
                migrations.CreateModel(
                    name='Identity',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to=settings.AUTH_USER_MODEL)),
                        ('provider', models.CharField(choices=[('proconnect', 'ProConnect'), ('franceconnect', 'FranceConnect')], max_length=20, verbose_name='service')),
                        ('sub', models.CharField(max_length=255, verbose_name='identifiant chez lui')),
                        ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                        ('linked_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='relié le')),
                        ('last_used_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='dernière connexion')),
                    ],
                    options={
                        'verbose_name': 'identité reliée',
                        'constraints': [models.UniqueConstraint(fields=('provider', 'sub'), name='identity_one_account'), models.CheckConstraint(condition=models.Q(('sub', ''), _negated=True), name='identity_has_a_sub')],
                    },
                ),
                migrations.CreateModel(
                    name='JoinRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='accounts.organization')),
                        ('asked_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='demandée le')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondue le')),
                        ('is_accepted', models.BooleanField(default=False, verbose_name='acceptée')),
                        ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'demande d’adhésion',
                        'verbose_name_plural': 'demandes d’adhésion',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('user', 'organization'), name='join_request_one_pending'), models.CheckConstraint(condition=models.Q(('is_accepted', False), ('answered_at__isnull', False), _connector='OR'), name='join_request_accepted_is_answered')],
                    },
                ),
            ],
        ),
    ]
