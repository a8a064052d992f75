from django.db import migrations

# Taking a list back may delete the history that bringing it in has written, and no other.
GUARD = """
CREATE OR REPLACE FUNCTION directory_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_user_id IS NULL
        AND (NEW.id, NEW.sheet_id, NEW.at, NEW.cause, NEW.fields)
            IS NOT DISTINCT FROM (OLD.id, OLD.sheet_id, OLD.at, OLD.cause, OLD.fields)
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
"""
UNDO = """
CREATE OR REPLACE FUNCTION directory_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_user_id IS NULL
        AND (NEW.id, NEW.sheet_id, NEW.at, NEW.cause, NEW.fields)
            IS NOT DISTINCT FROM (OLD.id, OLD.sheet_id, OLD.at, OLD.cause, OLD.fields)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The history of a sheet is only added to.' USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_bring_lists_in")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
