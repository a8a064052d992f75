import django.db.models.deletion
import preau.core.clock
import preau.core.schema
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_cache_and_merges'),
        ('availability', '0002_settle_the_planner'),
        ('documents', '0002_guard_journal_and_documents'),
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Inventory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('occupancy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.occupancy')),
                        ('moment', models.CharField(choices=[('arrivee', 'Arrivée'), ('depart', 'Départ')], max_length=10, verbose_name='moment')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='commencé le')),
                        ('items', models.JSONField(default=list, verbose_name='éléments')),
                        ('remarks', models.TextField(blank=True, max_length=2000, verbose_name='remarques')),
                        ('written_at', models.DateTimeField(null=True, verbose_name='rempli le')),
                        ('sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte')),
                        ('host_name', models.CharField(blank=True, max_length=120, verbose_name='signé pour le lieu par')),
                        ('host_signed_at', models.DateTimeField(null=True, verbose_name='signé pour le lieu le')),
                        ('occupant_name', models.CharField(blank=True, max_length=120, verbose_name='signé pour l’occupant par')),
                        ('occupant_signed_at', models.DateTimeField(null=True, verbose_name='signé par l’occupant le')),
                        ('document', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                    ],
                    options={
                        'verbose_name': 'état des lieux',
                        'verbose_name_plural': 'états des lieux',
                        'constraints': [models.UniqueConstraint(fields=('occupancy', 'moment'), name='inventory_once', violation_error_message='Cet état des lieux existe déjà.'), models.CheckConstraint(condition=models.Q(models.Q(('host_signed_at', None), ('occupant_signed_at', None), ('sha256', '')), ('sha256__regex', '^[0-9a-f]{64}$'), _connector='OR'), name='inventory_signed_is_frozen'), models.CheckConstraint(condition=models.Q(models.Q(('host_name', ''), ('host_signed_at', None)), models.Q(('host_signed_at__isnull', False), models.Q(('host_name', ''), _negated=True)), _connector='OR'), name='inventory_host_named'), models.CheckConstraint(condition=models.Q(models.Q(('occupant_name', ''), ('occupant_signed_at', None)), models.Q(('occupant_signed_at__isnull', False), models.Q(('occupant_name', ''), _negated=True)), _connector='OR'), name='inventory_occupant_named')],
                    },
                ),
                migrations.CreateModel(
                    name='InventoryPhoto',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('inventory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='desk.inventory')),
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('thumbnail', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                        ('caption', models.CharField(max_length=200, verbose_name='ce que montre la photo')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='prise le')),
                    ],
                    options={
                        'verbose_name': 'photo d’état des lieux',
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('caption', ''), _negated=True), name='inventory_photo_described')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                        ('state', models.CharField(choices=[('lu', 'Lu, rien n’est importé'), ('en_cours', 'Import en cours'), ('fait', 'Import terminé'), ('arrete', 'Import arrêté')], default='lu', max_length=10, verbose_name='état')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='lu le')),
                        ('started_at', models.DateTimeField(null=True, verbose_name='commencé le')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminé le')),
                    ],
                    options={
                        'verbose_name': 'import',
                        'indexes': [models.Index(fields=['place', '-id'], name='import_of_place')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='desk.importbatch')),
                        ('number', models.PositiveIntegerField(verbose_name='ligne')),
                        ('key', models.CharField(blank=True, max_length=64, verbose_name='repère')),
                        ('space', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.space')),
                        ('starts_at', models.DateTimeField(null=True, verbose_name='début')),
                        ('ends_at', models.DateTimeField(null=True, verbose_name='fin')),
                        ('kind', models.CharField(blank=True, max_length=20, verbose_name='nature')),
                        ('facts', models.JSONField(default=dict, verbose_name='ce qui a été lu')),
                        ('error', models.TextField(blank=True, verbose_name='ce qui ne va pas')),
                        ('occupancy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.occupancy')),
                    ],
                    options={
                        'verbose_name': 'ligne d’import',
                        'ordering': ['number', 'id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('error', ''), _negated=True), models.Q(('ends_at__isnull', False), ('space__isnull', False), ('starts_at__isnull', False), models.Q(('key', ''), _negated=True)), _connector='OR'), name='import_line_understood_or_said')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportedUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                        ('key', models.CharField(max_length=64, verbose_name='repère')),
                        ('occupancy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='availability.occupancy')),
                    ],
                    options={
                        'verbose_name': 'usage importé',
                        'constraints': [models.UniqueConstraint(fields=('place', 'key'), name='imported_use_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PlaceImport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                        ('text', models.TextField(verbose_name='contenu')),
                        ('publish', models.BooleanField(default=False, verbose_name='publier')),
                        ('state', models.CharField(choices=[('lu', 'Lu, rien n’est importé'), ('en_cours', 'Import en cours'), ('fait', 'Import terminé'), ('echec', 'Rien n’a été importé')], default='lu', max_length=10, verbose_name='état')),
                        ('positions', models.JSONField(default=dict, verbose_name='positions')),
                        ('error', models.TextField(blank=True, verbose_name='pourquoi rien n’a été importé')),
                        ('outcome', models.JSONField(default=dict, verbose_name='résultat')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='lu le')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminé le')),
                    ],
                    options={
                        'verbose_name': 'import de lieux',
                        'indexes': [models.Index(fields=['organization', '-id'], name='place_import_of')],
                    },
                ),
            ],
        ),
    ]
