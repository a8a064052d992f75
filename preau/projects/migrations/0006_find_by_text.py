"""Full text: triggers write the words of a project, whoever changes it and by whatever way."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

#: One statement writes the words of some projects, whole.
WORDS = """
CREATE FUNCTION projects_write_text(wanted bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO projects_projecttext (project_id, words)
    SELECT project.id,
        setweight(to_tsvector('french_unaccent', concat_ws(' ', project.name, project.reference)),
            'A')
        || setweight(to_tsvector('french_unaccent', concat_ws(' ', organization.name,
            project.holder_name, (
                SELECT string_agg(commune.name, ' ' ORDER BY commune.code)
                FROM territories_commune AS commune
                WHERE commune.code = ANY(project.lead_commune_id || ARRAY(
                    SELECT commune_id FROM projects_projectcommune
                    WHERE project_id = project.id))))), 'B')
        || setweight(to_tsvector('french_unaccent',
            concat_ws(' ', project.purpose, project.description)), 'C')
    FROM projects_project AS project
    LEFT JOIN accounts_organization AS organization
        ON organization.id = project.holder_organization_id
    WHERE project.id = ANY(wanted)
    ON CONFLICT (project_id) DO UPDATE SET words = EXCLUDED.words
$$;

CREATE FUNCTION projects_text_of_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM projects_projecttext WHERE project_id = OLD.id;
        RETURN OLD;
    END IF;
    PERFORM projects_write_text(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER projects_text_of_new AFTER INSERT ON projects_project
    FOR EACH ROW EXECUTE FUNCTION projects_text_of_project();
CREATE TRIGGER projects_text_of_changed AFTER UPDATE ON projects_project
    FOR EACH ROW WHEN (
        ROW(NEW.name, NEW.reference, NEW.purpose, NEW.description, NEW.holder_name,
            NEW.holder_organization_id, NEW.lead_commune_id)
        IS DISTINCT FROM ROW(OLD.name, OLD.reference, OLD.purpose, OLD.description,
            OLD.holder_name, OLD.holder_organization_id, OLD.lead_commune_id))
    EXECUTE FUNCTION projects_text_of_project();
CREATE TRIGGER projects_text_of_deleted BEFORE DELETE ON projects_project
    FOR EACH ROW EXECUTE FUNCTION projects_text_of_project();

CREATE FUNCTION projects_text_of_communes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_write_text(ARRAY(SELECT DISTINCT project_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER projects_text_of_commune_in AFTER INSERT ON projects_projectcommune
    REFERENCING NEW TABLE AS changed EXECUTE FUNCTION projects_text_of_communes();
CREATE TRIGGER projects_text_of_commune_changed AFTER UPDATE ON projects_projectcommune
    REFERENCING NEW TABLE AS changed EXECUTE FUNCTION projects_text_of_communes();
CREATE TRIGGER projects_text_of_commune_out AFTER DELETE ON projects_projectcommune
    REFERENCING OLD TABLE AS changed EXECUTE FUNCTION projects_text_of_communes();

CREATE FUNCTION projects_text_of_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_write_text(
        ARRAY(SELECT id FROM projects_project WHERE holder_organization_id = NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER projects_text_of_organization AFTER UPDATE OF name ON accounts_organization
    FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name)
    EXECUTE FUNCTION projects_text_of_organization();

SELECT projects_write_text(ARRAY(SELECT id FROM projects_project));
"""
NO_WORDS = """
DROP TRIGGER projects_text_of_organization ON accounts_organization;
DROP FUNCTION projects_text_of_organization();
DROP TRIGGER projects_text_of_commune_out ON projects_projectcommune;
DROP TRIGGER projects_text_of_commune_changed ON projects_projectcommune;
DROP TRIGGER projects_text_of_commune_in ON projects_projectcommune;
DROP FUNCTION projects_text_of_communes();
DROP TRIGGER projects_text_of_deleted ON projects_project;
DROP TRIGGER projects_text_of_changed ON projects_project;
DROP TRIGGER projects_text_of_new ON projects_project;
DROP FUNCTION projects_text_of_project();
DROP FUNCTION projects_write_text(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("projects", "0005_follow_up_by_email"),
        ("resources", "0001_create_library"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProjectText",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="projects.project",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "mots d’un projet",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="project_words"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["-updated_at", "-id"], name="project_newest"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("holder_siret", ""), _negated=True),
                fields=["holder_siret"],
                name="project_holder_siret",
            ),
        ),
        migrations.RunSQL(WORDS, NO_WORDS),
    ]
