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
        ('places', '0001_tables'),
    ]

    operations = [
        preau.core.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name='LockAccount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lock_accounts', to='accounts.organization')),
                        ('driver', models.CharField(choices=[('manuel', 'Boîte à clés, ou clé remise en main propre'), ('zigbee2mqtt', 'Serrure à clavier reliée par une passerelle Zigbee (Zigbee2MQTT)'), ('nuki', 'Serrure Nuki avec clavier'), ('ttlock', 'Serrure TTLock avec passerelle'), ('ttlock_seule', 'Serrure TTLock sans passerelle'), ('igloohome', 'Serrure igloohome')], max_length=20, verbose_name='service')),
                        ('name', models.CharField(max_length=80, verbose_name='nom')),
                        ('sealed_credentials', models.TextField(editable=False)),
                        ('sealed_session', models.TextField(blank=True, editable=False)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ajouté le')),
                    ],
                    options={
                        'verbose_name': 'compte de serrures',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'name'), name='lock_account_name', violation_error_message='Votre structure a déjà un compte de ce nom.'), models.CheckConstraint(condition=models.Q(('driver__in', ['manuel', 'ttlock_seule']), _negated=True), name='lock_account_of_a_service')],
                    },
                ),
                migrations.CreateModel(
                    name='Door',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='doors', to='places.place')),
                        ('name', models.CharField(max_length=80, verbose_name='nom de la porte')),
                        ('driver', models.CharField(choices=[('manuel', 'Boîte à clés, ou clé remise en main propre'), ('zigbee2mqtt', 'Serrure à clavier reliée par une passerelle Zigbee (Zigbee2MQTT)'), ('nuki', 'Serrure Nuki avec clavier'), ('ttlock', 'Serrure TTLock avec passerelle'), ('ttlock_seule', 'Serrure TTLock sans passerelle'), ('igloohome', 'Serrure igloohome')], max_length=20, verbose_name='serrure')),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doors', to='access.lockaccount')),
                        ('remote_id', models.CharField(blank=True, max_length=120, verbose_name='identifiant de la serrure')),
                        ('minutes_before', models.PositiveSmallIntegerField(default=15, verbose_name='ouvre avant, en minutes')),
                        ('minutes_after', models.PositiveSmallIntegerField(default=15, verbose_name='ouvre après, en minutes')),
                        ('instructions', models.TextField(blank=True, max_length=1000, verbose_name='où elle est, comment elle s’ouvre')),
                        ('first_slot', models.PositiveSmallIntegerField(default=10, verbose_name='premier numéro de code')),
                        ('slots', models.PositiveSmallIntegerField(default=20, verbose_name='nombre de codes')),
                        ('sealed_box_code', models.TextField(blank=True, editable=False)),
                        ('fallback', models.TextField(max_length=1000, verbose_name='si le code ne marche pas')),
                        ('fallback_phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone à appeler')),
                        ('seen_at', models.DateTimeField(null=True, verbose_name='vue le')),
                        ('asked_at', models.DateTimeField(null=True, verbose_name='interrogée le')),
                        ('trouble', models.CharField(blank=True, max_length=120, verbose_name='ennui')),
                        ('battery', models.PositiveSmallIntegerField(null=True, verbose_name='pile, en pour cent')),
                        ('battery_low', models.BooleanField(null=True, verbose_name='pile faible')),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='ajoutée le')),
                        ('retired_at', models.DateTimeField(null=True, verbose_name='retirée le')),
                        ('spaces', models.ManyToManyField(blank=True, related_name='doors', to='places.space')),
                    ],
                    options={
                        'verbose_name': 'porte',
                        'ordering': ['name', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('place', 'name'), name='door_name_in_place', violation_error_message='Ce lieu a déjà une porte de ce nom.'), models.UniqueConstraint(condition=models.Q(('account__isnull', False), ('retired_at', None)), fields=('account', 'remote_id'), name='door_lock_once', violation_error_message='Cette serrure est déjà celle d’une autre porte.'), models.CheckConstraint(condition=models.Q(models.Q(('account', None), ('driver', 'manuel'), ('remote_id', '')), models.Q(models.Q(('driver', 'manuel'), _negated=True), ('account__isnull', False), models.Q(('remote_id', ''), _negated=True)), _connector='OR'), name='door_has_its_lock'), models.CheckConstraint(condition=models.Q(('fallback', ''), _negated=True), name='door_has_a_fallback', violation_error_message='Dites que faire si le code ne marche pas.'), models.CheckConstraint(condition=models.Q(('minutes_after__lte', 120), ('minutes_before__lte', 120)), name='door_margins'), models.CheckConstraint(condition=models.Q(('battery', None), ('battery__lte', 100), _connector='OR'), name='door_battery')],
                    },
                ),
                migrations.CreateModel(
                    name='AccessGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('door', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='access.door')),
                        ('occupancy', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='access_grants', to='availability.occupancy')),
                        ('holder_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('holder_organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                        ('label', models.CharField(max_length=160, verbose_name='pour')),
                        ('starts_at', models.DateTimeField(verbose_name='début')),
                        ('ends_at', models.DateTimeField(verbose_name='fin')),
                        ('is_standing', models.BooleanField(default=False, verbose_name='sans fin prévue')),
                        ('state', models.CharField(choices=[('a_poser', 'À poser'), ('pose', 'Actif'), ('secours', 'Impossible : solution de secours'), ('a_retirer', 'À retirer'), ('retire', 'Retiré'), ('subsiste', 'Annulé, mais ouvre encore'), ('echu', 'Échu')], default='a_poser', max_length=12, verbose_name='état')),
                        ('remote_name', models.CharField(max_length=20, unique=True)),
                        ('remote_ref', models.CharField(blank=True, max_length=120)),
                        ('slot', models.PositiveSmallIntegerField(null=True, verbose_name='emplacement')),
                        ('variance', models.PositiveSmallIntegerField(null=True, verbose_name='variante')),
                        ('sealed_code', models.TextField(blank=True, editable=False)),
                        ('created_at', models.DateTimeField(default=preau.core.clock.now, verbose_name='créé le')),
                        ('asked_at', models.DateTimeField(null=True, verbose_name='demandé à la serrure le')),
                        ('placed_starts_at', models.DateTimeField(null=True)),
                        ('placed_ends_at', models.DateTimeField(null=True)),
                        ('shown_at', models.DateTimeField(null=True, verbose_name='montré le')),
                        ('announced_at', models.DateTimeField(null=True, verbose_name='annoncé le')),
                        ('alerted_at', models.DateTimeField(null=True, verbose_name='gestionnaire prévenu le')),
                        ('cancelled_at', models.DateTimeField(null=True, verbose_name='repris le')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='terminé le')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                        ('next_try', models.DateTimeField(null=True, verbose_name='prochain essai')),
                        ('leased_until', models.DateTimeField(null=True)),
                        ('trouble', models.CharField(blank=True, max_length=120, verbose_name='ennui')),
                    ],
                    options={
                        'verbose_name': 'code d’accès',
                        'indexes': [models.Index(condition=models.Q(('next_try__isnull', False)), fields=['next_try'], name='access_due'), models.Index(condition=models.Q(('state__in', frozenset(['echu', 'retire'])), _negated=True), fields=['ends_at'], name='access_not_over'), models.Index(fields=['door', '-starts_at', '-id'], name='access_of_door'), models.Index(fields=['holder_user', 'ends_at'], name='access_of_person'), models.Index(fields=['holder_organization', 'ends_at'], name='access_of_organization')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('occupancy__isnull', False), ('state__in', frozenset(['secours', 'pose', 'a_poser']))), fields=('occupancy', 'door'), name='access_one_live_code'), models.UniqueConstraint(condition=models.Q(('occupancy', None), ('state__in', frozenset(['secours', 'pose', 'a_poser']))), fields=('door', 'holder_user'), name='access_one_code_a_caretaker', violation_error_message='Cette personne a déjà un code de cette porte.'), models.UniqueConstraint(condition=models.Q(('slot__isnull', False)), fields=('door', 'slot'), name='access_slot_once'), models.UniqueConstraint(condition=models.Q(('variance__isnull', False)), fields=('door', 'starts_at', 'ends_at', 'variance'), name='access_variance_once'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='access_some_time'), models.CheckConstraint(condition=models.Q(models.Q(('next_try__isnull', False), ('state__in', ['a_poser', 'a_retirer'])), models.Q(models.Q(('state__in', ['a_poser', 'a_retirer']), _negated=True), ('next_try', None)), _connector='OR'), name='access_due_when_something_to_do'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', frozenset(['echu', 'retire']))), models.Q(models.Q(('state__in', frozenset(['echu', 'retire'])), _negated=True), ('ended_at', None)), _connector='OR'), name='access_ended_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', frozenset(['secours', 'pose', 'a_poser'])), _negated=True), ('cancelled_at', None), _connector='OR'), name='access_live_is_not_cancelled'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['retire', 'subsiste']), _negated=True), ('cancelled_at__isnull', False), _connector='OR'), name='access_cancelled_is_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'pose'), _negated=True), models.Q(('asked_at__isnull', False), ('placed_ends_at', models.F('ends_at')), ('placed_starts_at', models.F('starts_at'))), _connector='OR'), name='access_set_was_asked'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'secours'), _negated=True), models.Q(('trouble', ''), _negated=True), _connector='OR'), name='access_fallback_has_a_reason'), models.CheckConstraint(condition=models.Q(('occupancy__isnull', False), ('holder_user__isnull', False), ('state__in', frozenset(['echu', 'retire'])), _connector='OR'), name='access_is_for_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', frozenset(['echu', 'retire'])), _negated=True), ('slot', None), _connector='OR'), name='access_over_holds_no_slot')],
                    },
                ),
            ],
        ),
    ]
