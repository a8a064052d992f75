"""Words and départements of a project in one index: a territory's search reads its own alone."""

import importlib

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

_BEFORE = importlib.import_module("preau.projects.migrations.0006_find_by_text").WORDS
_FUNCTION = _BEFORE[: _BEFORE.index("CREATE FUNCTION projects_text_of_project")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1
)
_begin = _BEFORE.index("CREATE TRIGGER projects_text_of_changed")
_TRIGGER = _BEFORE[_begin : _BEFORE.index("CREATE TRIGGER projects_text_of_deleted")]


def _changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


_NEW_FUNCTION = _changed(
    _FUNCTION,
    ("(project_id, words)", "(project_id, words, departement_codes)"),
    (
        "concat_ws(' ', project.purpose, project.description)), 'C')",
        "concat_ws(' ', project.purpose, project.description)), 'C'),\n"
        "        project.departement_codes",
    ),
    (
        "UPDATE SET words = EXCLUDED.words",
        "UPDATE SET words = EXCLUDED.words,\n"
        "        departement_codes = EXCLUDED.departement_codes",
    ),
)
_NEW_TRIGGER = _changed(
    _TRIGGER,
    ("NEW.lead_commune_id)", "NEW.lead_commune_id, NEW.departement_codes)"),
    ("OLD.lead_commune_id)", "OLD.lead_commune_id, OLD.departement_codes)"),
)
_DROP = "DROP TRIGGER projects_text_of_changed ON projects_project;\n"
FORWARD = (
    _NEW_FUNCTION
    + _DROP
    + _NEW_TRIGGER
    + """
UPDATE projects_projecttext AS text SET departement_codes = project.departement_codes
FROM projects_project AS project WHERE project.id = text.project_id;
"""
)
BACK = _FUNCTION + _DROP + _TRIGGER


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0007_drafts_being_filed"),
    ]

    operations = [
        migrations.AddField(
            model_name="projecttext",
            name="departement_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), default=list, size=None
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
        migrations.RemoveIndex(model_name="projecttext", name="project_words"),
        migrations.AddIndex(
            model_name="projecttext",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False,
                fields=["words", "departement_codes"],
                name="project_words_where",
            ),
        ),
    ]
