"""The State's services, the pair of each département, and who is there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.projects.enums import ServiceKind
from preau.resources.enums import Theme
from preau.territories.models import DateRange


class StateService(models.Model):
    """A service of the State. Its people are the members of its organisation."""

    organization = models.OneToOneField(
        "accounts.Organization", models.PROTECT, related_name="state_service"
    )
    kind = models.CharField("nature", max_length=16, choices=ServiceKind)
    departement = models.ForeignKey(
        "territories.Departement", models.PROTECT, null=True, blank=True, related_name="+"
    )
    region = models.ForeignKey(
        "territories.Region", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Answers when nobody else does.
    referent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    active = models.BooleanField("en service", default=True)

    class Meta:
        verbose_name = "service de l’État"
        constraints = [
            models.CheckConstraint(
                name="state_service_has_its_territory",
                condition=Q(
                    kind__in=[
                        ServiceKind.DDT,
                        ServiceKind.PREFECTURE,
                        ServiceKind.SUB_PREFECTURE,
                    ],
                    departement__isnull=False,
                )
                | Q(kind=ServiceKind.REGION, region__isnull=False)
                | Q(kind__in=[ServiceKind.NATIONAL, ServiceKind.OTHER]),
                violation_error_message="Indiquez le département ou la région du service.",
            ),
            models.UniqueConstraint(
                fields=["departement", "kind"],
                condition=Q(active=True, kind__in=[ServiceKind.DDT, ServiceKind.PREFECTURE]),
                name="state_service_one_a_departement",
                violation_error_message="Ce département a déjà un service de cette nature.",
            ),
        ]

    def __str__(self) -> str:
        return self.organization.name

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.organization_id)


class ServiceMember(models.Model):
    """What a person of a service looks after. Without a line: no theme of their own."""

    service = models.ForeignKey(StateService, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    themes = ArrayField(
        models.CharField(max_length=30, choices=Theme), verbose_name="thèmes", default=list
    )
    function = models.CharField("fonction", max_length=120, blank=True)

    class Meta:
        verbose_name = "personne d’un service"
        constraints = [
            models.UniqueConstraint(fields=["service", "user"], name="service_member_once"),
        ]


class Absence(models.Model):
    """Days when somebody else answers in a person's place, both ends included."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    service = models.ForeignKey(StateService, models.CASCADE, related_name="absences")
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "absence"
        constraints = [
            models.CheckConstraint(
                name="absence_days_in_order",
                condition=Q(first_day__lte=F("last_day")),
                violation_error_message="Le dernier jour ne peut pas précéder le premier.",
            ),
            models.CheckConstraint(
                name="absence_not_replaced_by_oneself",
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("user")),
                violation_error_message="Choisissez une autre personne pour le remplacement.",
            ),
            ExclusionConstraint(
                name="absence_once_a_day",
                expressions=[
                    (
                        DateRange("first_day", "last_day", RangeBoundary(inclusive_upper=True)),
                        "&&",
                    ),
                    ("user", "="),
                    ("service", "="),
                ],
                violation_error_message="Une autre absence couvre déjà ces jours.",
            ),
        ]


class StatePair(models.Model):
    """The DDT and the préfecture of a département, alerted together."""

    departement = models.OneToOneField(
        "territories.Departement", models.PROTECT, primary_key=True, related_name="state_pair"
    )
    ddt = models.ForeignKey(StateService, models.PROTECT, related_name="+")
    prefecture = models.ForeignKey(StateService, models.PROTECT, related_name="+")
    #: Told when nobody acknowledges in time.
    escalates_to = models.ForeignKey(
        StateService, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledge_days = models.PositiveSmallIntegerField("jours pour prendre en compte", default=5)
    advice_days = models.PositiveSmallIntegerField("jours pour un premier conseil", default=5)

    class Meta:
        verbose_name = "binôme DDT–préfecture"
        constraints = [
            models.CheckConstraint(
                name="state_pair_two_services", condition=~Q(ddt=F("prefecture"))
            ),
            models.CheckConstraint(
                name="state_pair_has_time",
                condition=Q(acknowledge_days__gte=1, advice_days__gte=1),
                violation_error_message="Le délai est d’un jour au moins.",
            ),
        ]

    def __str__(self) -> str:
        return f"Binôme {self.departement_id}"


class ThemeRule(models.Model):
    """Who is proposed for a theme in a département; a person confirms."""

    departement = models.ForeignKey(
        "territories.Departement", models.CASCADE, related_name="theme_rules"
    )
    theme = models.CharField("thème", max_length=30, choices=Theme)
    service = models.ForeignKey(StateService, models.CASCADE, related_name="theme_rules")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "règle d’affectation"
        constraints = [
            models.UniqueConstraint(
                fields=["departement", "theme"],
                name="theme_rule_once",
                violation_error_message="Ce thème a déjà une règle dans ce département.",
            ),
        ]
