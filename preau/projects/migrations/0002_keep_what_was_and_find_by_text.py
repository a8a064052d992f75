"""The past is not rewritten; triggers write the words of a project, whoever changes it."""

from django.db import migrations

EVENTS = """
CREATE FUNCTION projects_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A person's account may be emptied, a draft thrown away with its history; nothing else.
    IF TG_OP = 'UPDATE' AND ROW(NEW.id, NEW.project_id, NEW.at, NEW.kind, NEW.on_behalf_of,
            NEW.subject, NEW.subject_id, NEW.before, NEW.after, NEW.reason, NEW.visibility)
            IS NOT DISTINCT FROM ROW(OLD.id, OLD.project_id, OLD.at, OLD.kind, OLD.on_behalf_of,
            OLD.subject, OLD.subject_id, OLD.before, OLD.after, OLD.reason, OLD.visibility)
            AND NEW.user_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND NOT EXISTS (
            SELECT FROM projects_project WHERE id = OLD.project_id AND state <> 'brouillon'
            AND (import_batch_id IS NULL OR current_setting('preau.undoing', true)
                 IS DISTINCT FROM import_batch_id::text)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The history of a project is not rewritten.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER projects_event_is_kept BEFORE UPDATE OR DELETE ON projects_projectevent
    FOR EACH ROW EXECUTE FUNCTION projects_event_is_kept();
"""
UNDO_EVENTS = """
DROP TRIGGER projects_event_is_kept ON projects_projectevent;
DROP FUNCTION projects_event_is_kept();
"""
PROJECTS = """
CREATE FUNCTION projects_filed_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'brouillon' AND (TG_OP = 'DELETE' OR NEW.state = 'brouillon')
            -- The one way back: the import that brought it in is being undone.
            AND (OLD.import_batch_id IS NULL OR current_setting('preau.undoing', true)
                 IS DISTINCT FROM OLD.import_batch_id::text) THEN
        RAISE EXCEPTION 'A filed project is neither deleted nor made a draft again.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER projects_filed_is_kept BEFORE UPDATE OF state OR DELETE ON projects_project
    FOR EACH ROW EXECUTE FUNCTION projects_filed_is_kept();
"""
UNDO_PROJECTS = """
DROP TRIGGER projects_filed_is_kept ON projects_project;
DROP FUNCTION projects_filed_is_kept();
"""
QUESTIONS = """
CREATE FUNCTION projects_published_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_questionnaireversion
               WHERE id IN (OLD.version_id, NEW.version_id) AND state <> 'brouillon') THEN
        RAISE EXCEPTION 'The questions of a published version do not change: make another version.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER projects_published_is_kept BEFORE INSERT OR UPDATE OR DELETE ON projects_question
    FOR EACH ROW EXECUTE FUNCTION projects_published_is_kept();
"""
UNDO_QUESTIONS = """
DROP TRIGGER projects_published_is_kept ON projects_question;
DROP FUNCTION projects_published_is_kept();
"""
VERSIONS = """
CREATE FUNCTION projects_version_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.state <> 'brouillon'
       OR TG_OP = 'UPDATE' AND (OLD.state, NEW.state) NOT IN (
            ('brouillon', 'brouillon'), ('brouillon', 'publiee'), ('publiee', 'publiee'),
            ('publiee', 'retiree'), ('retiree', 'retiree')) THEN
        RAISE EXCEPTION 'A published version is retired, neither deleted nor edited.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER projects_version_goes_forward
    BEFORE UPDATE OR DELETE ON projects_questionnaireversion
    FOR EACH ROW EXECUTE FUNCTION projects_version_goes_forward();
"""
UNDO_VERSIONS = """
DROP TRIGGER projects_version_goes_forward ON projects_questionnaireversion;
DROP FUNCTION projects_version_goes_forward();
"""
WORDS = """
CREATE FUNCTION projects_write_text(wanted bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO projects_projecttext (project_id, words, departement_codes)
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
            concat_ws(' ', project.purpose, project.description)), 'C'),
        project.departement_codes
    FROM projects_project AS project
    LEFT JOIN accounts_organization AS organization
        ON organization.id = project.holder_organization_id
    WHERE project.id = ANY(wanted)
    ON CONFLICT (project_id) DO UPDATE SET words = EXCLUDED.words,
        departement_codes = EXCLUDED.departement_codes
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
            NEW.holder_organization_id, NEW.lead_commune_id, NEW.departement_codes)
        IS DISTINCT FROM ROW(OLD.name, OLD.reference, OLD.purpose, OLD.description,
            OLD.holder_name, OLD.holder_organization_id, OLD.lead_commune_id, OLD.departement_codes))
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
"""
UNDO_WORDS = """
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
    dependencies = [("projects", "0001_tables")]

    operations = [
        migrations.RunSQL(EVENTS, UNDO_EVENTS),
        migrations.RunSQL(PROJECTS, UNDO_PROJECTS),
        migrations.RunSQL(QUESTIONS, UNDO_QUESTIONS),
        migrations.RunSQL(VERSIONS, UNDO_VERSIONS),
        migrations.RunSQL(WORDS, UNDO_WORDS),
    ]
