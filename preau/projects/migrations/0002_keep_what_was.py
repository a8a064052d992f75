"""What the constraints of a table cannot say: the past is not rewritten."""

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
NO_EVENTS = """
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
NO_PROJECTS = """
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
NO_QUESTIONS = """
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
NO_VERSIONS = """
DROP TRIGGER projects_version_goes_forward ON projects_questionnaireversion;
DROP FUNCTION projects_version_goes_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_create_projects")]

    operations = [
        migrations.RunSQL(EVENTS, NO_EVENTS),
        migrations.RunSQL(PROJECTS, NO_PROJECTS),
        migrations.RunSQL(QUESTIONS, NO_QUESTIONS),
        migrations.RunSQL(VERSIONS, NO_VERSIONS),
    ]
