"""What no code may do: rewrite the journal, remove what is locked, change what was deposited.

A merge of organisations alone changes whose a document is.
"""

from django.db import migrations

JOURNAL = """
CREATE FUNCTION documents_journal_is_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is only appended to (%).', TG_OP USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION documents_journal_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq = 1 AND NEW.prev = repeat('0', 64) THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM documents_journalentry
        WHERE chain = NEW.chain AND seq = NEW.seq - 1 AND hash = NEW.prev;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Line % of % does not follow the one before.', NEW.seq, NEW.chain
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON documents_journalentry
    FOR EACH ROW EXECUTE FUNCTION documents_journal_is_appended();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON documents_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION documents_journal_is_appended();
CREATE TRIGGER journal_follows BEFORE INSERT ON documents_journalentry
    FOR EACH ROW EXECUTE FUNCTION documents_journal_follows();
CREATE TRIGGER journal_anchor_no_change BEFORE UPDATE OR DELETE ON documents_journalanchor
    FOR EACH ROW EXECUTE FUNCTION documents_journal_is_appended();
"""
UNDO_JOURNAL = """
DROP TRIGGER journal_anchor_no_change ON documents_journalanchor;
DROP TRIGGER journal_follows ON documents_journalentry;
DROP TRIGGER journal_no_truncate ON documents_journalentry;
DROP TRIGGER journal_no_change ON documents_journalentry;
DROP FUNCTION documents_journal_follows();
DROP FUNCTION documents_journal_is_appended();
"""
DOCUMENTS = """
CREATE FUNCTION documents_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER document_guard BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_document_guard();

CREATE FUNCTION documents_storedfile_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    locked boolean := OLD.locked_until IS NOT NULL AND OLD.locked_until >= CURRENT_DATE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF locked THEN
            RAISE EXCEPTION 'File % is locked until %.', OLD.sha256, OLD.locked_until
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.sha256, NEW.size) IS DISTINCT FROM (OLD.sha256, OLD.size) THEN
        RAISE EXCEPTION 'File % is written once.', OLD.sha256 USING ERRCODE = 'check_violation';
    END IF;
    IF locked AND (NEW.locked_until IS NULL OR NEW.locked_until < OLD.locked_until) THEN
        RAISE EXCEPTION 'File % is locked until %.', OLD.sha256, OLD.locked_until
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER storedfile_guard BEFORE UPDATE OR DELETE ON documents_storedfile
    FOR EACH ROW EXECUTE FUNCTION documents_storedfile_guard();
"""
UNDO_DOCUMENTS = """
DROP TRIGGER storedfile_guard ON documents_storedfile;
DROP FUNCTION documents_storedfile_guard();
DROP TRIGGER document_guard ON documents_document;
DROP FUNCTION documents_document_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_tables")]

    operations = [
        migrations.RunSQL(JOURNAL, UNDO_JOURNAL),
        migrations.RunSQL(DOCUMENTS, UNDO_DOCUMENTS),
    ]
