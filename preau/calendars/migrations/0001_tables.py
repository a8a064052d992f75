import django.contrib.postgres.fields.ranges
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
        ('availability', '0002_settle_the_planner'),
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='OutsideCalendar',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.place')),
                        ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.space')),
                        ('name', models.CharField(max_length=120, verbose_name='nom')),
                        ('address', models.TextField(verbose_name='adresse')),
                        ('host', models.CharField(max_length=253, verbose_name='serveur')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ajouté le')),
                        ('stopped_at', models.DateTimeField(null=True, verbose_name='arrêté le')),
                        ('etag', models.CharField(blank=True, max_length=200)),
                        ('modified', models.CharField(blank=True, max_length=60)),
                        ('digest', models.CharField(blank=True, max_length=64)),
                        ('read_at', models.DateTimeField(null=True, verbose_name='lu le')),
                        ('tried_at', models.DateTimeField(null=True, verbose_name='essayé le')),
                        ('placed_at', models.DateTimeField(null=True, verbose_name='reporté le')),
                        ('problem', models.CharField(blank=True, choices=[('', 'Aucun'), ('injoignable', 'Le serveur de cet agenda ne répond pas.'), ('disparu', 'Cet agenda n’existe plus à cette adresse.'), ('acces_refuse', 'Le serveur refuse l’accès : l’adresse secrète a peut-être changé.'), ('illisible', 'Ce qui est publié à cette adresse n’est pas un agenda lisible.'), ('trop_long', 'Cet agenda contient trop d’événements.'), ('vide', 'La plupart des événements ont disparu d’un coup.')], max_length=12, verbose_name='difficulté')),
                        ('told_at', models.DateTimeField(null=True, verbose_name='difficulté signalée le')),
                        ('left_aside', models.JSONField(blank=True, default=list, verbose_name='événements non compris')),
                    ],
                    options={
                        'verbose_name': 'agenda extérieur',
                        'verbose_name_plural': 'agendas extérieurs',
                        'indexes': [models.Index(condition=models.Q(('stopped_at', None)), fields=['tried_at'], name='calendars_to_read'), models.Index(fields=['place', 'id'], name='calendars_of_place')],
                    },
                ),
                migrations.CreateModel(
                    name='OutsideEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='calendars.outsidecalendar')),
                        ('key', models.CharField(max_length=64)),
                        ('label', models.CharField(max_length=160, verbose_name='intitulé')),
                        ('period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='quand')),
                        ('state', models.CharField(choices=[('place', 'Bloqué dans le planning'), ('conflit', 'En conflit')], max_length=10, verbose_name='état')),
                        ('occupancy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.occupancy')),
                        ('since', models.DateTimeField(default=preau.core.clock.now, verbose_name='depuis')),
                    ],
                    options={
                        'verbose_name': 'événement extérieur',
                        'indexes': [models.Index(fields=['calendar', 'state', 'period'], name='calendars_events')],
                        'constraints': [models.UniqueConstraint(fields=('calendar', 'key'), name='calendars_event_once'), models.CheckConstraint(condition=models.Q(models.Q(('occupancy__isnull', False), ('state', 'place')), models.Q(('occupancy', None), ('state', 'conflit')), _connector='OR'), name='calendars_placed_has_occupancy')],
                    },
                ),
                migrations.CreateModel(
                    name='PersonalFeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('secret', models.CharField(max_length=43, unique=True)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                    ],
                    options={
                        'verbose_name': 'agenda personnel',
                    },
                ),
            ],
        ),
    ]
