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
        ('projects', '0002_keep_what_was_and_find_by_text'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='ProjectBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                        ('system', models.CharField(max_length=40, verbose_name='système')),
                        ('headings', models.JSONField(default=list, verbose_name='titres des colonnes')),
                        ('mapping', models.JSONField(default=list, verbose_name='correspondances')),
                        ('default_state', models.CharField(choices=[('brouillon', 'Brouillon'), ('depose', 'Déposé'), ('pris_en_compte', 'Pris en compte'), ('qualifie', 'Qualifié'), ('en_accompagnement', 'En accompagnement'), ('clos', 'Clos'), ('refuse', 'Refusé'), ('reoriente', 'Réorienté')], default='pris_en_compte', max_length=20, verbose_name='état des projets')),
                        ('state', models.CharField(choices=[('lu', 'Lu, à vérifier'), ('verification', 'Vérification en cours'), ('verifie', 'Vérifié, rien n’est encore repris'), ('en_cours', 'Reprise en cours'), ('arrete', 'Arrêtée avant la fin'), ('fait', 'Reprise terminée'), ('annulation', 'Annulation en cours'), ('annule', 'Reprise annulée')], default='lu', max_length=12, verbose_name='état')),
                        ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                        ('done', models.PositiveIntegerField(default=0, verbose_name='lignes faites')),
                        ('stop_asked', models.BooleanField(default=False)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='lu le')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminé le')),
                        ('error', models.TextField(blank=True, verbose_name='pourquoi elle s’est arrêtée')),
                    ],
                    options={
                        'verbose_name': 'reprise de projets',
                        'verbose_name_plural': 'reprises de projets',
                        'indexes': [models.Index(fields=['organization', '-id'], name='project_batch_of')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='project_batch_done_within_total')],
                    },
                ),
                migrations.CreateModel(
                    name='BatchLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='portfolio.projectbatch')),
                        ('number', models.PositiveIntegerField(verbose_name='ligne')),
                        ('cells', models.JSONField(verbose_name='contenu')),
                        ('state', models.CharField(choices=[('a_faire', 'À faire'), ('rejetee', 'Rejetée'), ('creee', 'Projet créé'), ('modifiee', 'Projet mis à jour'), ('identique', 'Rien à changer'), ('annulee', 'Projet retiré')], default='a_faire', max_length=10)),
                        ('expected', models.CharField(blank=True, choices=[('creer', 'À créer'), ('mettre_a_jour', 'À mettre à jour'), ('identique', 'Rien à changer')], max_length=14)),
                        ('problems', models.JSONField(default=list, verbose_name='à corriger')),
                        ('remarks', models.JSONField(default=list, verbose_name='à savoir')),
                        ('project_id', models.BigIntegerField(null=True)),
                        ('written_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name': 'ligne d’une reprise',
                        'verbose_name_plural': 'lignes d’une reprise',
                        'ordering': ['number'],
                        'indexes': [models.Index(fields=['batch', 'state', 'number'], name='batch_line_state')],
                        'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='batch_line_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ColumnMemory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('heading', models.CharField(max_length=200)),
                        ('key', models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        'verbose_name': 'correspondance d’une colonne',
                        'constraints': [models.UniqueConstraint(fields=('user', 'heading'), name='column_memory_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PerimeterFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('programme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.programme')),
                        ('file_name', models.CharField(max_length=200, verbose_name='fichier')),
                        ('on', models.DateField(verbose_name='à partir du')),
                        ('lines', models.JSONField(verbose_name='lignes')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='lu le')),
                        ('applied_at', models.DateTimeField(null=True, verbose_name='appliqué le')),
                        ('outcome', models.JSONField(default=dict, verbose_name='résultat')),
                    ],
                    options={
                        'verbose_name': 'fichier de périmètres',
                        'verbose_name_plural': 'fichiers de périmètres',
                    },
                ),
                migrations.CreateModel(
                    name='ImpactSummary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scope', models.CharField(choices=[('nation', 'France entière'), ('region', 'Région'), ('departement', 'Département'), ('crte', 'CRTE'), ('programme', 'Programme')], max_length=12, verbose_name='de quoi')),
                        ('code', models.CharField(blank=True, max_length=40)),
                        ('period', models.CharField(choices=[('tout', 'Depuis le début'), ('douze-mois', 'Déposés depuis douze mois')], max_length=12, verbose_name='période')),
                        ('figures', models.JSONField(verbose_name='chiffres')),
                        ('computed_at', models.DateTimeField(verbose_name='calculé le')),
                    ],
                    options={
                        'verbose_name': 'chiffres d’impact',
                        'constraints': [models.UniqueConstraint(fields=('scope', 'code', 'period'), name='impact_summary_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ProjectCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('departement_code', models.CharField(max_length=3, null=True)),
                        ('crte_code', models.CharField(blank=True, max_length=40, null=True)),
                        ('programme_id', models.BigIntegerField(null=True)),
                        ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                        ('projects', models.IntegerField()),
                        ('blocked', models.IntegerField()),
                        ('late', models.IntegerField()),
                        ('dormant', models.IntegerField()),
                        ('budget_cents', models.BigIntegerField()),
                        ('with_budget', models.IntegerField()),
                        ('latitude', models.FloatField(null=True)),
                        ('longitude', models.FloatField(null=True)),
                    ],
                    options={
                        'verbose_name': 'décompte de projets',
                        'indexes': [models.Index(fields=['crte_code'], name='project_count_of_crte')],
                        'constraints': [models.UniqueConstraint(fields=('departement_code', 'crte_code', 'programme_id'), name='project_count_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('blocked__gte', 0), ('dormant__gte', 0), ('late__gte', 0), ('projects__gt', 0)), name='project_count_of_some'), models.CheckConstraint(condition=models.Q(('crte_code', None), ('departement_code__isnull', False), _connector='OR'), name='project_count_contract_in_departement')],
                    },
                ),
                migrations.CreateModel(
                    name='ProjectFlow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('departement_code', models.CharField(max_length=3)),
                        ('month', models.DateField(verbose_name='premier jour du mois')),
                        ('deposited', models.IntegerField(default=0)),
                        ('acknowledged', models.IntegerField(default=0)),
                        ('accompanied', models.IntegerField(default=0)),
                        ('closed', models.IntegerField(default=0)),
                        ('turned_away', models.IntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'mouvement du mois',
                        'indexes': [models.Index(fields=['month'], name='project_flow_by_month')],
                        'constraints': [models.UniqueConstraint(fields=('departement_code', 'month'), name='project_flow_once')],
                    },
                ),
                migrations.CreateModel(
                    name='CountedAt',
                    fields=[
                        ('name', models.CharField(default='projects', max_length=20, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'verbose_name': 'date des décomptes',
                    },
                ),
            ],
        ),
    ]
