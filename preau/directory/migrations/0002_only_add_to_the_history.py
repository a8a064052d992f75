"""The history of a sheet: who acted may be forgotten when a person leaves; a sheet is never deleted
while it has a past.

A telephone or an address may be somebody's: the history says that they changed, never what they
were. Taking a list back may delete the history that bringing it in has written, and no other.
"""

from django.db import migrations

HISTORY = """
CREATE FUNCTION directory_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_user_id IS NULL
        AND (NEW.id, NEW.sheet_id, NEW.at, NEW.cause, NEW.fields)
            IS NOT DISTINCT FROM (OLD.id, OLD.sheet_id, OLD.at, OLD.cause, OLD.fields)
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND current_setting('preau.forgetting_contacts', true) = 'yes'
        AND (NEW.id, NEW.sheet_id, NEW.at, NEW.cause, NEW.actor_user_id)
            IS NOT DISTINCT FROM (OLD.id, OLD.sheet_id, OLD.at, OLD.cause, OLD.actor_user_id)
        AND NEW.fields - '{phone,email}'::text[] = OLD.fields - '{phone,email}'::text[]
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.cause = 'import'
        AND current_setting('preau.undoing_list', true) = 'yes'
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The history of a sheet is only added to.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER sheet_change_guard BEFORE UPDATE OR DELETE ON directory_sheetchange
    FOR EACH ROW EXECUTE FUNCTION directory_change_guard();
"""
UNDO_HISTORY = """
DROP TRIGGER sheet_change_guard ON directory_sheetchange;
DROP FUNCTION directory_change_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_tables")]

    operations = [
        migrations.RunSQL(HISTORY, UNDO_HISTORY),
    ]
