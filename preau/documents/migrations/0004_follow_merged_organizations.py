"""A merge of organisations alone changes whose a document is."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION documents_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    locked boolean := OLD.locked_until IS NOT NULL AND OLD.locked_until >= CURRENT_DATE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF locked THEN
            RAISE EXCEPTION 'Document % is locked until %.', OLD.id, OLD.locked_until
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.file_id, NEW.kind, NEW.owner_user_id, NEW.created_at)
        IS DISTINCT FROM (OLD.file_id, OLD.kind, OLD.owner_user_id, OLD.created_at)
        OR NEW.owner_organization_id IS DISTINCT FROM OLD.owner_organization_id
            -- Null on either side is no merge.
            AND (current_setting('preau.merging', true)
                = OLD.owner_organization_id || '>' || NEW.owner_organization_id) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'Document % is written once.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF locked AND (NEW.removed_at IS NOT NULL OR NEW.locked_until IS NULL
                   OR NEW.locked_until < OLD.locked_until) THEN
        RAISE EXCEPTION 'Document % is locked until %.', OLD.id, OLD.locked_until
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION documents_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    locked boolean := OLD.locked_until IS NOT NULL AND OLD.locked_until >= CURRENT_DATE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF locked THEN
            RAISE EXCEPTION 'Document % is locked until %.', OLD.id, OLD.locked_until
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.file_id, NEW.kind, NEW.owner_user_id, NEW.owner_organization_id, NEW.created_at)
        IS DISTINCT FROM
        (OLD.file_id, OLD.kind, OLD.owner_user_id, OLD.owner_organization_id, OLD.created_at)
    THEN
        RAISE EXCEPTION 'Document % is written once.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF locked AND (NEW.removed_at IS NOT NULL OR NEW.locked_until IS NULL
                   OR NEW.locked_until < OLD.locked_until) THEN
        RAISE EXCEPTION 'Document % is locked until %.', OLD.id, OLD.locked_until
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_guard_journal_and_locked_documents")]

    operations = [migrations.RunSQL(GUARD, BEFORE)]
