"""Files of what was sent: taken back from whoever is no longer, or not yet, of their jury."""

from django.db import migrations

EXAMINED = {"en_examen", "decide", "archive"}


def take_back(apps, schema_editor):
    answers = apps.get_model("initiatives", "SubmissionAnswer").objects.exclude(document=None)
    reviewers = apps.get_model("initiatives", "Reviewer").objects.exclude(user=None)
    reviews = apps.get_model("initiatives", "Review").objects
    readers = apps.get_model("documents", "DocumentReader").objects
    for answer in answers.select_related("submission__call", "document").iterator(chunk_size=500):
        sent, call = answer.submission, answer.submission.call
        jury = set(reviewers.filter(call=call).values_list("user", flat=True))
        entitled = set()
        if sent.state == "envoyee" and call.state in EXAMINED:
            live = reviewers.filter(call=call, removed_at=None)
            tied = reviews.filter(submission=sent, state="conflit")
            entitled = set(live.values_list("user", flat=True))
            entitled -= set(tied.values_list("reviewer__user", flat=True))
        gone = jury - entitled - {answer.document.owner_user_id}
        rows = readers.filter(document=answer.document)
        rows.filter(key__in=[f"user:{one}" for one in gone]).delete()
        if call.state == "en_examen":  # whoever accepted after it was sent
            for one in entitled:
                readers.get_or_create(document=answer.document, key=f"user:{one}")


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0006_count_past_supports"),
        ("documents", "0004_follow_merged_organizations"),
    ]

    operations = [migrations.RunPython(take_back, migrations.RunPython.noop)]
