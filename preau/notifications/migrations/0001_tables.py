import django.contrib.postgres.fields
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
                    name='Email',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cause', models.CharField(max_length=200, unique=True, verbose_name='cause')),
                        ('message_id', models.CharField(max_length=120, unique=True, verbose_name='Message-ID')),
                        ('recipient', models.EmailField(max_length=254, verbose_name='destinataire')),
                        ('subject', models.CharField(max_length=250, verbose_name='objet')),
                        ('text', models.TextField(verbose_name='texte')),
                        ('html', models.TextField(blank=True, verbose_name='HTML')),
                        ('calendar', models.TextField(blank=True, verbose_name='pièce .ics')),
                        ('calendar_method', models.CharField(blank=True, max_length=10)),
                        ('unsubscribe_url', models.CharField(blank=True, max_length=500)),
                        ('state', models.CharField(choices=[('pending', 'À envoyer'), ('sent', 'Envoyé'), ('failed', 'En échec')], default='pending', max_length=10, verbose_name='état')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                        ('last_error', models.CharField(blank=True, max_length=200, verbose_name='dernière erreur')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='écrit le')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='envoyé le')),
                    ],
                    options={
                        'verbose_name': 'courriel',
                        'indexes': [models.Index(condition=models.Q(('state', 'sent'), _negated=True), fields=['created_at'], name='email_waiting')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='email_sent_coherent')],
                    },
                ),
                migrations.CreateModel(
                    name='DeliveredEmail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message_id', models.CharField(db_index=True, max_length=120, verbose_name='Message-ID')),
                        ('recipients', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), size=None, verbose_name='destinataires')),
                        ('subject', models.CharField(max_length=250, verbose_name='objet')),
                        ('text', models.TextField(verbose_name='texte')),
                        ('html', models.TextField(blank=True, verbose_name='HTML')),
                        ('attachments', models.JSONField(default=list, verbose_name='pièces jointes')),
                        ('delivered_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='reçu le')),
                    ],
                    options={
                        'verbose_name': 'courriel reçu (démonstration)',
                        'indexes': [models.Index(fields=['-id'], name='delivered_recent')],
                    },
                ),
                migrations.CreateModel(
                    name='Notification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
                        ('topic', models.CharField(max_length=60, verbose_name='sujet')),
                        ('title', models.CharField(max_length=250, verbose_name='titre')),
                        ('body', models.CharField(blank=True, max_length=500, verbose_name='texte')),
                        ('url', models.CharField(blank=True, max_length=300, verbose_name='page')),
                        ('cause', models.CharField(max_length=200, verbose_name='cause')),
                        ('channel', models.CharField(choices=[('tout_de_suite', 'Tout de suite'), ('resume', 'Dans le résumé du jour'), ('aucun', 'Pas de courriel')], max_length=15, verbose_name='courriel')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='le')),
                        ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='lue le')),
                        ('digested_at', models.DateTimeField(blank=True, null=True, verbose_name='résumée le')),
                    ],
                    options={
                        'verbose_name': 'notification',
                        'indexes': [models.Index(fields=['user', '-id'], name='notification_list'), models.Index(condition=models.Q(('read_at', None)), fields=['user', '-id'], name='notification_unread'), models.Index(condition=models.Q(('channel', 'resume'), ('digested_at', None)), fields=['user', 'id'], name='notification_to_digest'), models.Index(fields=['created_at'], name='notification_age')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'cause'), name='notification_told_once'), models.CheckConstraint(condition=models.Q(('digested_at', None), ('channel', 'resume'), _connector='OR'), name='notification_digested_by_choice'), models.CheckConstraint(condition=models.Q(('url', ''), models.Q(('url__startswith', '/'), models.Q(('url__startswith', '//'), _negated=True)), _connector='OR'), name='notification_leads_within_the_site')],
                    },
                ),
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('topic', models.CharField(max_length=60, verbose_name='sujet')),
                        ('channel', models.CharField(choices=[('tout_de_suite', 'Tout de suite'), ('resume', 'Dans le résumé du jour'), ('aucun', 'Pas de courriel')], max_length=15, verbose_name='courriel')),
                    ],
                    options={
                        'verbose_name': 'préférence',
                        'constraints': [models.UniqueConstraint(fields=('user', 'topic'), name='preference_once'), models.CheckConstraint(condition=models.Q(('channel__in', ['tout_de_suite', 'resume', 'aucun'])), name='preference_channel_known')],
                    },
                ),
            ],
        ),
    ]
