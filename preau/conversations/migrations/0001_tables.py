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
                    name='Thread',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.CharField(max_length=200, verbose_name='objet')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ouverte le')),
                    ],
                    options={
                        'verbose_name': 'conversation',
                    },
                ),
                migrations.CreateModel(
                    name='ThreadAudience',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audiences', to='conversations.thread')),
                        ('key', models.CharField(max_length=40, verbose_name='public')),
                        ('may_write', models.BooleanField(default=True, verbose_name='peut écrire')),
                    ],
                    options={
                        'verbose_name': 'public d’une conversation',
                        'indexes': [models.Index(fields=['key', 'thread'], name='thread_audience_key')],
                        'constraints': [models.UniqueConstraint(fields=('thread', 'key'), name='thread_audience_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='conversations.thread')),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('on_behalf_of', models.CharField(blank=True, max_length=160, verbose_name='au nom de')),
                        ('body', models.TextField(max_length=5000, verbose_name='message')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='écrit le')),
                        ('idempotency_key', models.UUIDField(unique=True)),
                    ],
                    options={
                        'verbose_name': 'message',
                        'indexes': [models.Index(fields=['thread', 'id'], name='message_in_order')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='message_not_empty')],
                    },
                ),
                migrations.CreateModel(
                    name='Mention',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='conversations.message')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'mention',
                        'constraints': [models.UniqueConstraint(fields=('message', 'user'), name='mention_once')],
                    },
                ),
            ],
        ),
    ]
