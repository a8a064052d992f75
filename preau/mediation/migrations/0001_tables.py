import datetime
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
        ('territories', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='PlaceEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.sheet')),
                        ('series', models.UUIDField(blank=True, null=True)),
                        ('kind', models.CharField(choices=[('atelier', 'Atelier'), ('permanence', 'Permanence'), ('formation', 'Formation'), ('rencontre', 'Rencontre'), ('temps_fort', 'Temps fort'), ('vente', 'Vente, distribution, marché')], max_length=12, verbose_name='nature')),
                        ('title', models.CharField(max_length=140, verbose_name='titre')),
                        ('text', models.TextField(blank=True, max_length=3000, verbose_name='de quoi il s’agit')),
                        ('starts_at', models.DateTimeField(verbose_name='début')),
                        ('ends_at', models.DateTimeField(verbose_name='fin')),
                        ('seats', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                        ('how_to_come', models.CharField(blank=True, max_length=200, verbose_name='inscription, tarif')),
                        ('state', models.CharField(choices=[('brouillon', 'Brouillon'), ('publie', 'Annoncé'), ('annule', 'Annulé')], default='brouillon', max_length=10, verbose_name='état')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='motif de l’annulation')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now)),
                        ('changed_at', models.DateTimeField(default=preau.core.clock.now)),
                        ('version', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'rendez-vous d’un lieu',
                        'ordering': ['starts_at', 'id'],
                        'indexes': [models.Index(fields=['sheet', 'starts_at'], name='place_event_coming'), models.Index(condition=models.Q(('state', 'publie')), fields=['starts_at', 'id'], name='place_event_announced')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='place_event_in_order', violation_error_message='L’heure de fin est après l’heure de début.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'annule'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='place_event_cancelled_has_reason', violation_error_message='Dites pourquoi : les personnes le liront.')],
                    },
                ),
                migrations.CreateModel(
                    name='FollowUpFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('reference', models.CharField(max_length=20, verbose_name='référence')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.sheet')),
                        ('mediator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('state', models.CharField(choices=[('ouvert', 'En cours'), ('clos', 'Clos'), ('efface', 'Effacé')], default='ouvert', max_length=10, verbose_name='état')),
                        ('theme', models.CharField(choices=[('droits', 'Droits et prestations (CAF, retraite, RSA…)'), ('sante', 'Santé, assurance maladie'), ('emploi', 'Emploi, formation'), ('impots', 'Impôts'), ('titres', 'Pièces d’identité, carte grise, séjour'), ('logement', 'Logement, énergie'), ('justice', 'Justice, accès au droit'), ('numerique', 'Aide au numérique'), ('poste_banque', 'Poste, banque, assurance, téléphone'), ('famille', 'Famille, jeunesse, grand âge'), ('vie_locale', 'Vie locale, associations'), ('entreprise', 'Entreprise, création d’activité'), ('autre', 'Autre')], max_length=20, verbose_name='thème')),
                        ('sealed_name', models.TextField(blank=True)),
                        ('sealed_contact', models.TextField(blank=True)),
                        ('consent', models.CharField(choices=[('papier', 'Signé sur papier, gardé par la structure'), ('oral', 'Donné de vive voix, devant le médiateur')], max_length=10, verbose_name='consentement')),
                        ('consented_on', models.DateField(verbose_name='consentement donné le')),
                        ('opened_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ouvert le')),
                        ('last_step_on', models.DateField(verbose_name='dernière démarche le')),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='clos le')),
                        ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='effacé le')),
                    ],
                    options={
                        'verbose_name': 'dossier de suivi',
                        'ordering': ['-last_step_on', '-id'],
                        'indexes': [models.Index(fields=['mediator', 'state'], name='follow_up_of_mediator')],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'reference'), name='follow_up_reference_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('state', 'ouvert')), models.Q(('state', 'ouvert'), _negated=True), _connector='OR'), name='follow_up_closed_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', False), ('sealed_contact', ''), ('sealed_name', ''), ('state', 'efface')), models.Q(models.Q(('state', 'efface'), _negated=True), models.Q(('sealed_name', ''), _negated=True), ('erased_at', None)), _connector='OR'), name='follow_up_erased_says_nothing')],
                    },
                ),
                migrations.CreateModel(
                    name='Mandate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mandates', to='mediation.followupfile')),
                        ('scope', models.CharField(max_length=300, verbose_name='démarches confiées')),
                        ('signed_on', models.DateField(verbose_name='signé le')),
                        ('until', models.DateField(verbose_name='jusqu’au (inclus)')),
                        ('revoked_on', models.DateField(blank=True, null=True, verbose_name='retiré le')),
                    ],
                    options={
                        'verbose_name': 'mandat',
                        'ordering': ['-signed_on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('signed_on')), ('until__lte', django.db.models.expressions.CombinedExpression(models.F('signed_on'), '+', models.Value(datetime.timedelta(days=366))))), name='mandate_a_year_at_most', violation_error_message='Un mandat dure un an au plus.')],
                    },
                ),
                migrations.CreateModel(
                    name='FollowUpStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='mediation.followupfile')),
                        ('day', models.DateField(verbose_name='le')),
                        ('theme', models.CharField(choices=[('droits', 'Droits et prestations (CAF, retraite, RSA…)'), ('sante', 'Santé, assurance maladie'), ('emploi', 'Emploi, formation'), ('impots', 'Impôts'), ('titres', 'Pièces d’identité, carte grise, séjour'), ('logement', 'Logement, énergie'), ('justice', 'Justice, accès au droit'), ('numerique', 'Aide au numérique'), ('poste_banque', 'Poste, banque, assurance, téléphone'), ('famille', 'Famille, jeunesse, grand âge'), ('vie_locale', 'Vie locale, associations'), ('entreprise', 'Entreprise, création d’activité'), ('autre', 'Autre')], max_length=20, verbose_name='thème')),
                        ('text', models.CharField(max_length=300, verbose_name='démarche')),
                        ('next_on', models.DateField(blank=True, null=True, verbose_name='à revoir le')),
                        ('done_on', models.DateField(blank=True, null=True, verbose_name='faite le')),
                    ],
                    options={
                        'verbose_name': 'démarche',
                        'ordering': ['day', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Training',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                        ('title', models.CharField(max_length=160, verbose_name='formation')),
                        ('body', models.CharField(blank=True, max_length=160, verbose_name='organisme')),
                        ('followed_on', models.DateField(verbose_name='suivie le')),
                        ('hours', models.PositiveSmallIntegerField(verbose_name='durée, en heures')),
                        ('valid_until', models.DateField(blank=True, null=True, verbose_name='valable jusqu’au')),
                        ('reminded_on', models.DateField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'formation suivie',
                        'ordering': ['-followed_on', '-id'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'person', 'title', 'followed_on'), name='training_once', violation_error_message='Cette formation est déjà inscrite pour cette personne.'), models.CheckConstraint(condition=models.Q(('hours__range', (1, 2000))), name='training_some_hours', violation_error_message='Une formation dure au moins une heure.'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('followed_on')), _connector='OR'), name='training_days_in_order', violation_error_message='La fin de validité suit la date de la formation.')],
                    },
                ),
                migrations.CreateModel(
                    name='Visit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.sheet')),
                        ('departement_code', models.CharField(max_length=3)),
                        ('day', models.DateField(verbose_name='jour')),
                        ('themes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('droits', 'Droits et prestations (CAF, retraite, RSA…)'), ('sante', 'Santé, assurance maladie'), ('emploi', 'Emploi, formation'), ('impots', 'Impôts'), ('titres', 'Pièces d’identité, carte grise, séjour'), ('logement', 'Logement, énergie'), ('justice', 'Justice, accès au droit'), ('numerique', 'Aide au numérique'), ('poste_banque', 'Poste, banque, assurance, téléphone'), ('famille', 'Famille, jeunesse, grand âge'), ('vie_locale', 'Vie locale, associations'), ('entreprise', 'Entreprise, création d’activité'), ('autre', 'Autre')], max_length=20), size=None, verbose_name='thèmes')),
                        ('people', models.PositiveSmallIntegerField(default=1, verbose_name='personnes')),
                        ('services', models.PositiveSmallIntegerField(default=1, verbose_name='services rendus en une fois')),
                        ('mode', models.CharField(choices=[('sur_place', 'Sur place'), ('telephone', 'Par téléphone'), ('visio', 'En visio'), ('domicile', 'À domicile')], default='sur_place', max_length=12, verbose_name='mode')),
                        ('outcome', models.CharField(choices=[('repondu', 'Réponse donnée'), ('oriente', 'Orientation vers un autre service'), ('suivi', 'À suivre')], default='repondu', max_length=10, verbose_name='suite')),
                        ('origin', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.commune')),
                        ('counted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now)),
                        ('token', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ],
                    options={
                        'verbose_name': 'visite',
                        'ordering': ['-day', '-id'],
                        'indexes': [models.Index(fields=['sheet', 'day'], name='visit_of_sheet'), models.Index(fields=['departement_code', 'day'], name='visit_of_departement')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('themes__len__gte', 1)), name='visit_for_something', violation_error_message='Cochez au moins un thème.'), models.CheckConstraint(condition=models.Q(('people__range', (1, 500)), ('services__range', (1, 20))), name='visit_of_some', violation_error_message='Une ligne compte de 1 à 500 personnes.')],
                    },
                ),
            ],
        ),
    ]
