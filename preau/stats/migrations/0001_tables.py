import django.db.models.deletion
import preau.core.clock
import preau.core.schema
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
                    name='MonthlyFigure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='mois')),
                        ('departement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.departement')),
                        ('places', models.PositiveIntegerField(verbose_name='lieux publiés')),
                        ('spaces', models.PositiveIntegerField(verbose_name='espaces publiés')),
                        ('asked', models.PositiveIntegerField(null=True, verbose_name='demandes')),
                        ('asked_shown', models.CharField(choices=[('publie', 'Publié'), ('peu', 'moins de 5'), ('masque', 'masqué')], default='publie', max_length=10)),
                        ('held', models.PositiveIntegerField(null=True, verbose_name='réservations tenues')),
                        ('held_shown', models.CharField(choices=[('publie', 'Publié'), ('peu', 'moins de 5'), ('masque', 'masqué')], default='publie', max_length=10)),
                        ('minutes', models.PositiveBigIntegerField(null=True, verbose_name='minutes occupées')),
                        ('answer_minutes', models.PositiveIntegerField(null=True, verbose_name='délai de réponse médian')),
                        ('signature_minutes', models.PositiveIntegerField(null=True, verbose_name='délai de signature médian')),
                        ('online_percent', models.PositiveSmallIntegerField(null=True, verbose_name='confirmées sans papier, en %')),
                        ('computed_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='calculé le')),
                    ],
                    options={
                        'verbose_name': 'chiffres du mois',
                        'constraints': [models.UniqueConstraint(fields=('month', 'departement'), name='figure_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='figure_first_of_month'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('asked__isnull', False), ('asked_shown', 'publie')), models.Q(models.Q(('asked_shown', 'publie'), _negated=True), ('asked', None)), _connector='OR'), models.Q(models.Q(('held__isnull', False), ('held_shown', 'publie'), ('minutes__isnull', False)), models.Q(models.Q(('held_shown', 'publie'), _negated=True), ('held', None), ('minutes', None)), _connector='OR')), name='figure_hidden_is_not_kept'), models.CheckConstraint(condition=models.Q(models.Q(('asked', None), ('asked', 0), ('asked__gte', 5), _connector='OR'), models.Q(('held', None), ('held', 0), ('held__gte', 5), _connector='OR')), name='figure_no_small_count')],
                    },
                ),
                migrations.CreateModel(
                    name='ProjectMonth',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField(verbose_name='mois')),
                        ('departement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territories.departement')),
                        ('deposited', models.PositiveIntegerField(null=True, verbose_name='projets déposés')),
                        ('deposited_shown', models.CharField(choices=[('publie', 'Publié'), ('peu', 'moins de 5'), ('masque', 'masqué')], default='publie', max_length=10)),
                        ('people', models.PositiveIntegerField(null=True, verbose_name='personnes actives')),
                        ('people_shown', models.CharField(choices=[('publie', 'Publié'), ('peu', 'moins de 5'), ('masque', 'masqué')], default='publie', max_length=10)),
                        ('sent', models.PositiveIntegerField(null=True, verbose_name='recommandations envoyées')),
                        ('sent_shown', models.CharField(choices=[('publie', 'Publié'), ('peu', 'moins de 5'), ('masque', 'masqué')], default='publie', max_length=10)),
                        ('lifted', models.PositiveIntegerField(null=True, verbose_name='blocages levés')),
                        ('lifted_shown', models.CharField(choices=[('publie', 'Publié'), ('peu', 'moins de 5'), ('masque', 'masqué')], default='publie', max_length=10)),
                        ('acknowledged_minutes', models.PositiveIntegerField(null=True, verbose_name='prise en compte')),
                        ('advised_minutes', models.PositiveIntegerField(null=True, verbose_name='premier conseil')),
                        ('unblocked_minutes', models.PositiveIntegerField(null=True, verbose_name='déblocage')),
                        ('answered_percent', models.PositiveSmallIntegerField(null=True, verbose_name='avec réponse, en %')),
                        ('helpful_percent', models.PositiveSmallIntegerField(null=True, verbose_name='jugées utiles, en %')),
                        ('granted_kiloeuros', models.PositiveIntegerField(null=True, verbose_name='accordé, en milliers d’euros')),
                        ('computed_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='calculé le')),
                    ],
                    options={
                        'verbose_name': 'mois de projets',
                        'constraints': [models.UniqueConstraint(fields=('month', 'departement'), name='project_month_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='project_month_first_of_month'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('deposited__isnull', False), ('deposited_shown', 'publie')), models.Q(models.Q(('deposited_shown', 'publie'), _negated=True), ('deposited', None)), _connector='OR'), models.Q(models.Q(('people__isnull', False), ('people_shown', 'publie')), models.Q(models.Q(('people_shown', 'publie'), _negated=True), ('people', None)), _connector='OR'), models.Q(models.Q(('sent__isnull', False), ('sent_shown', 'publie')), models.Q(models.Q(('sent_shown', 'publie'), _negated=True), ('sent', None)), _connector='OR'), models.Q(models.Q(('lifted__isnull', False), ('lifted_shown', 'publie')), models.Q(models.Q(('lifted_shown', 'publie'), _negated=True), ('lifted', None)), _connector='OR')), name='project_month_hidden_is_not_kept'), models.CheckConstraint(condition=models.Q(models.Q(('deposited', None), ('deposited', 0), ('deposited__gte', 5), _connector='OR'), models.Q(('people', None), ('people', 0), ('people__gte', 5), _connector='OR'), models.Q(('sent', None), ('sent', 0), ('sent__gte', 5), _connector='OR'), models.Q(('lifted', None), ('lifted', 0), ('lifted__gte', 5), _connector='OR')), name='project_month_no_small_count')],
                    },
                ),
            ],
        ),
    ]
