from django.db import migrations

# Only who acted may be forgotten, when a person leaves; a sheet is never deleted while it has a past.
GUARD = """
CREATE FUNCTION directory_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_user_id IS NULL
        AND (NEW.id, NEW.sheet_id, NEW.at, NEW.cause, NEW.fields)
            IS NOT DISTINCT FROM (OLD.id, OLD.sheet_id, OLD.at, OLD.cause, OLD.fields)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The history of a sheet is only added to.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER sheet_change_guard BEFORE UPDATE OR DELETE ON directory_sheetchange
    FOR EACH ROW EXECUTE FUNCTION directory_change_guard();
"""
UNDO = """
DROP TRIGGER sheet_change_guard ON directory_sheetchange;
DROP FUNCTION directory_change_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_find_sheets_by_words")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
