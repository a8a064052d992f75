"""Tables of calls for initiatives and submissions."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from preau.accounts.perms import Scope
from preau.core import clock
from preau.initiatives.enums.calls import (
    EXAMINED,
    PUBLIC,
    CallQuestionKind,
    CallState,
    Decision,
    ReviewerRole,
    ReviewState,
    SubmissionState,
)
from preau.initiatives.where import until
from preau.resources.enums import Theme

_C, _S = CallState, SubmissionState


class CallForInitiatives(models.Model):
    """What a territory asks people to propose, by when, and how it will choose."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, related_name="+", verbose_name="structure"
    )
    title = models.CharField("titre", max_length=160)
    brief = models.TextField("ce que vous cherchez", max_length=10000, blank=True)
    #: `territories.areas.Area.key`.
    area_key = models.CharField("territoire", max_length=40)
    area_name = models.CharField(max_length=120)
    themes = ArrayField(
        models.CharField(max_length=30, choices=Theme), verbose_name="thèmes", default=list
    )
    #: What those selected may use: rooms, hours, help.
    offered = models.TextField("ce qui est proposé", max_length=4000, blank=True)
    spaces = models.ManyToManyField("places.Space", related_name="+", blank=True)
    #: Why it was drafted: the gap of a study, in words. The organisers' alone.
    because = models.TextField("pourquoi cet appel", max_length=2000, blank=True)
    opens_at = models.DateTimeField("ouvre le", null=True, blank=True)
    closes_at = models.DateTimeField("ferme le", null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    announces_winners = models.BooleanField("publier la liste des retenues", default=False)
    state = models.CharField("état", max_length=12, choices=CallState, default=_C.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    review_until = models.DateField("avis du jury attendus pour le", null=True, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "appel à initiatives"
        constraints = [
            models.CheckConstraint(
                name="call_dates_in_order",
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                violation_error_message="L’appel ferme après avoir ouvert.",
            ),
            models.CheckConstraint(
                name="call_published_is_whole",
                condition=~Q(state__in=PUBLIC)
                | (
                    Q(opens_at__isnull=False, closes_at__isnull=False, published_at__isnull=False)
                    & ~Q(brief="")
                ),
                violation_error_message="Un appel publié dit ce qu’il cherche, et ses dates.",
            ),
            models.CheckConstraint(
                name="call_decided_is_dated",
                condition=~Q(state=_C.DECIDED) | Q(decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="call_by_state"),
            models.Index(fields=["organization", "-id"], name="call_of_organization"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC

    @property
    def is_open(self) -> bool:
        """Whether an answer may be sent now: the clock says, whatever a task has done since."""
        now = clock.now()
        return (
            self.state == CallState.PUBLISHED
            and self.opens_at is not None
            and self.closes_at is not None
            and self.opens_at <= now < self.closes_at
        )

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and clock.now() >= self.closes_at

    @property
    def until(self) -> str:
        return until(self.closes_at, self.time_zone)

    @property
    def permission_scope(self) -> Scope:
        """Its organisation's; reviewers read it."""
        people = self.reviewers.filter(removed_at=None).exclude(user=None)
        keys = {f"user:{one}" for one in people.values_list("user", flat=True)}
        return Scope(organization_id=self.organization_id, reader_keys=frozenset(keys))


class CallQuestion(models.Model):
    """One thing asked, in order. Nothing of it changes once the call is published."""

    call = models.ForeignKey(CallForInitiatives, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField("nature", max_length=8, choices=CallQuestionKind)
    label = models.CharField("question", max_length=200)
    hint = models.CharField("précision", max_length=300, blank=True)
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    required = models.BooleanField("obligatoire", default=True)

    class Meta:
        verbose_name = "question d’un appel"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="call_question_choice_has_choices",
                condition=~Q(kind=CallQuestionKind.CHOICE) | Q(choices__len__gte=2),
                violation_error_message="Écrivez au moins deux réponses possibles.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def permission_scope(self) -> Scope:
        return self.call.permission_scope


class Criterion(models.Model):
    """What a submission is judged on, from 0 to 5."""

    call = models.ForeignKey(CallForInitiatives, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("critère", max_length=160)
    hint = models.CharField("précision", max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField("poids", default=1)

    class Meta:
        verbose_name = "critère d’un appel"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="criterion_weight",
                condition=Q(weight__gte=1, weight__lte=10),
                violation_error_message="Un poids va de 1 à 10.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def permission_scope(self) -> Scope:
        return self.call.permission_scope


class Reviewer(models.Model):
    """Somebody of the jury, by their address (emptied a year on); a person once they accept."""

    call = models.ForeignKey(CallForInitiatives, models.CASCADE, related_name="reviewers")
    email = models.EmailField("adresse électronique", blank=True)
    role = models.CharField("rôle", max_length=12, choices=ReviewerRole)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    invited_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        verbose_name = "membre d’un jury"
        constraints = [
            models.UniqueConstraint(
                fields=["call", "email"],
                condition=Q(removed_at=None) & ~Q(email=""),
                name="reviewer_once",
            ),
            models.UniqueConstraint(
                fields=["call", "user"],
                condition=Q(removed_at=None, user__isnull=False),
                name="reviewer_one_seat",
            ),
            models.CheckConstraint(
                name="reviewer_accepted_is_somebody",
                condition=Q(user=None, accepted_at=None)
                | Q(user__isnull=False, accepted_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["user"], name="reviewer_user")]

    def __str__(self) -> str:
        return self.user.full_name if self.user else self.email

    @property
    def permission_scope(self) -> Scope:
        return Scope(organization_id=self.call.organization_id)


class Submission(models.Model):
    """An answer to a call: a draft until it is sent, then as it was sent."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call = models.ForeignKey(CallForInitiatives, models.PROTECT, related_name="submissions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="qui l’a écrite"
    )
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField("nom de l’initiative", max_length=160, blank=True)
    summary = models.TextField("en quoi elle consiste", max_length=5000, blank=True)
    commune = models.ForeignKey(
        "territories.Commune", models.PROTECT, null=True, blank=True, related_name="+"
    )
    phone = models.CharField("téléphone", max_length=20, blank=True)
    #: Keys of the screens gone through.
    done = ArrayField(models.CharField(max_length=20), default=list)
    state = models.CharField("état", max_length=10, choices=SubmissionState, default=_S.DRAFT)
    started_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField("envoyée le", null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    decision = models.CharField("décision", max_length=14, choices=Decision, blank=True)
    decision_reason = models.TextField("motif", max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    #: The project it came from, or became.
    project = models.ForeignKey(
        "projects.Project", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: The organisers asked its author to make a project of it.
    proposed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "candidature"
        constraints = [
            models.CheckConstraint(
                name="submission_sent_is_whole",
                condition=~Q(state=_S.SENT)
                | (Q(sent_at__isnull=False, commune__isnull=False) & ~Q(title="") & ~Q(summary="")),
                violation_error_message="Une candidature envoyée a un nom, un texte, une commune.",
            ),
            models.CheckConstraint(
                name="submission_withdrawn_is_dated",
                condition=Q(state=_S.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=_S.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="submission_decision_has_a_reason",
                condition=Q(decision="") | (~Q(decision_reason="") & Q(state=_S.SENT)),
                violation_error_message="Écrivez le motif : la personne qui a répondu le lira.",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "id"], name="submission_of_call"),
            models.Index(fields=["user", "-id"], name="submission_mine"),
            models.Index(fields=["organization", "-id"], name="submission_ours"),
            models.Index(
                fields=["project"], condition=Q(project__isnull=False), name="submission_project"
            ),
        ]

    def __str__(self) -> str:
        return self.title or "Candidature sans nom"

    @property
    def sender(self) -> str:
        return str(self.organization or self.user.full_name)

    @property
    def is_draft(self) -> bool:
        return self.state == SubmissionState.DRAFT

    @property
    def told_decision(self) -> str:
        """The decision once it is public to its author; "" before."""
        told = self.call.state in {CallState.DECIDED, CallState.ARCHIVED}
        return Decision(self.decision).label if told and self.decision else ""

    @property
    def permission_scope(self) -> Scope:
        """Its author's; once it is sent the organisers', and the jury's from the examination."""
        user = self.user_id if self.organization_id is None else None
        if self.state != SubmissionState.SENT:
            return Scope(holder_user_id=user, holder_organization_id=self.organization_id)
        theirs = self.call.permission_scope
        return Scope(
            organization_id=theirs.organization_id,
            # One of the jury may answer too: nobody of it reads before the closing.
            reader_keys=theirs.reader_keys if self.call.state in EXAMINED else frozenset(),
            holder_user_id=user,
            holder_organization_id=self.organization_id,
        )


class SubmissionAnswer(models.Model):
    """What was answered to one question: words, a number as words, or a file of the vault."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers")
    question = models.ForeignKey(CallQuestion, models.PROTECT, related_name="+")
    text = models.TextField("réponse", max_length=5000, blank=True)
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "réponse d’une candidature"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question"], name="submission_answer_once"
            ),
        ]

    @property
    def permission_scope(self) -> Scope:
        return self.submission.permission_scope


class Review(models.Model):
    """What one of the jury thinks of one submission. Nobody else reads it before it is sent."""

    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="reviews")
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="reviews")
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.DRAFT)
    comment = models.TextField("avis", max_length=4000, blank=True)
    conflict_reason = models.CharField("lien avec le candidat", max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "avis du jury"
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "submission"], name="review_once"),
            models.CheckConstraint(
                name="review_conflict_says_why",
                condition=Q(state=ReviewState.CONFLICT, sent_at=None, comment="")
                & ~Q(conflict_reason="")
                | ~Q(state=ReviewState.CONFLICT),
                violation_error_message="Dites quel lien vous empêche de noter.",
            ),
            models.CheckConstraint(
                name="review_sent_is_dated",
                condition=Q(state=ReviewState.SENT, sent_at__isnull=False)
                | ~Q(state=ReviewState.SENT),
            ),
        ]
        indexes = [models.Index(fields=["submission"], name="review_of_submission")]


class Score(models.Model):
    """A figure for one criterion. A trigger lets none be written once the review is sent, nor
    under a declared conflict."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField("note")
    comment = models.CharField("commentaire", max_length=1000, blank=True)

    class Meta:
        verbose_name = "note"
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),
            models.CheckConstraint(
                name="score_out_of_five",
                condition=Q(value__lte=5),
                violation_error_message="Une note va de 0 à 5.",
            ),
        ]
