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
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership', verbose_name='au titre de')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='structure')),
                        ('name', models.CharField(max_length=80, verbose_name='à quoi il sert')),
                        ('prefix', models.CharField(max_length=16, verbose_name='début')),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('places:read', 'Lire les lieux et les espaces'), ('search', 'Chercher des espaces libres'), ('occupancies:read', 'Lire le libre et l’occupé d’un espace'), ('bookings:read', 'Lire les réservations de la structure'), ('bookings:write', 'Retenir, réserver et annuler'), ('agreements:read', 'Lire l’état des conventions'), ('projects:read', 'Lire les projets ouverts à la structure'), ('stats:read', 'Lire les statistiques publiques')], max_length=20), size=None, verbose_name='ce qu’il permet')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                        ('expires_at', models.DateTimeField(verbose_name='expire le')),
                        ('last_used_on', models.DateField(null=True, verbose_name='dernier usage')),
                        ('revoked_at', models.DateTimeField(null=True, verbose_name='révoqué le')),
                        ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'jeton d’API',
                        'indexes': [models.Index(fields=['organization', '-id'], name='api_token_ours')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at')), ('expires_at__lte', django.db.models.expressions.CombinedExpression(models.F('created_at'), '+', models.Value(datetime.timedelta(days=366))))), name='api_token_lives_a_year_at_most'), models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='api_token_some_scope')],
                    },
                ),
                migrations.CreateModel(
                    name='IdempotentCall',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64, unique=True)),
                        ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='api.apitoken')),
                        ('fingerprint', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField(default=0)),
                        ('body', models.TextField(default='')),
                        ('at', models.DateTimeField(default=preau.core.clock.now)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['at'], name='api_idempotent_old')],
                    },
                ),
                migrations.CreateModel(
                    name='RateWindow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('who', models.CharField(max_length=40)),
                        ('minute', models.BigIntegerField()),
                        ('count', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['minute'], name='api_rate_old')],
                        'constraints': [models.UniqueConstraint(fields=('who', 'minute'), name='api_rate_once')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookEndpoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership', verbose_name='au titre de')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization', verbose_name='structure')),
                        ('url', models.CharField(max_length=500, verbose_name='adresse')),
                        ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('booking.requested', 'Demande de réservation envoyée'), ('booking.confirmed', 'Réservation confirmée'), ('booking.moved', 'Réservation déplacée ou modifiée'), ('booking.cancelled', 'Réservation annulée, refusée ou expirée'), ('agreement.signed', 'Convention signée par tous'), ('due.paid', 'Somme due payée'), ('project.moved', 'Projet passé à un autre état'), ('ping', 'Essai')], max_length=30), size=None, verbose_name='ce qui lui est dit')),
                        ('secret', models.TextField()),
                        ('former_secret', models.TextField(blank=True)),
                        ('former_until', models.DateTimeField(null=True)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                        ('failing_since', models.DateTimeField(null=True, verbose_name='en échec depuis')),
                        ('disabled_at', models.DateTimeField(null=True, verbose_name='arrêtée le')),
                        ('disabled_reason', models.CharField(blank=True, max_length=200, verbose_name='pourquoi')),
                    ],
                    options={
                        'verbose_name': 'webhook',
                        'indexes': [models.Index(fields=['organization'], name='webhook_ours')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('events', []), _negated=True), name='webhook_some_event'), models.CheckConstraint(condition=models.Q(models.Q(('former_secret', ''), ('former_until', None)), models.Q(models.Q(('former_secret', ''), _negated=True), ('former_until__isnull', False)), _connector='OR'), name='webhook_former_secret_ends')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookDelivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='api.webhookendpoint')),
                        ('message_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('event', models.CharField(choices=[('booking.requested', 'Demande de réservation envoyée'), ('booking.confirmed', 'Réservation confirmée'), ('booking.moved', 'Réservation déplacée ou modifiée'), ('booking.cancelled', 'Réservation annulée, refusée ou expirée'), ('agreement.signed', 'Convention signée par tous'), ('due.paid', 'Somme due payée'), ('project.moved', 'Projet passé à un autre état'), ('ping', 'Essai')], max_length=30, verbose_name='évènement')),
                        ('payload', models.JSONField()),
                        ('state', models.CharField(choices=[('en_attente', 'En attente'), ('remise', 'Remise'), ('abandonnee', 'Abandonnée')], default='en_attente', max_length=12, verbose_name='état')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créée le')),
                        ('next_at', models.DateTimeField(null=True, verbose_name='prochain essai')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminée le')),
                        ('last_status', models.PositiveSmallIntegerField(default=0, verbose_name='dernière réponse')),
                        ('last_trouble', models.CharField(blank=True, max_length=120, verbose_name='dernier ennui')),
                    ],
                    options={
                        'verbose_name': 'envoi de webhook',
                        'indexes': [models.Index(fields=['endpoint', '-created_at', '-id'], name='webhook_log'), models.Index(condition=models.Q(('state', 'en_attente')), fields=['next_at'], name='webhook_waiting'), models.Index(fields=['created_at'], name='webhook_old')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('next_at__isnull', False), ('state', 'en_attente')), models.Q(models.Q(('state', 'en_attente'), _negated=True), ('ended_at__isnull', False), ('next_at', None)), _connector='OR'), name='webhook_delivery_ended_is_dated')],
                    },
                ),
            ],
        ),
    ]
