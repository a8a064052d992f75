from django.db import migrations

# A telephone or an address may be somebody's: the history says that they changed, never what they
# were. The guard lets through an update of these two values, and of nothing else, when it is asked.
GUARD = """
CREATE OR REPLACE FUNCTION directory_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF TG_OP = 'DELETE' AND OLD.cause = 'import'
        AND current_setting('preau.undoing_list', true) = 'yes'
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The history of a sheet is only added to.' USING ERRCODE = 'check_violation';
END $$;
"""
#: Of each value, only whether there was one: [true, false] is « removed ».
FORGET = """
SELECT set_config('preau.forgetting_contacts', 'yes', true);
UPDATE directory_sheetchange AS change SET fields = change.fields || (
    SELECT jsonb_object_agg(name, jsonb_build_array(
        COALESCE(pair -> 0, 'null') NOT IN ('null', '""', 'false'),
        COALESCE(pair -> 1, 'null') NOT IN ('null', '""', 'false')))
    FROM jsonb_each(change.fields) AS said(name, pair) WHERE name IN ('phone', 'email')
) WHERE change.fields ?| '{phone,email}'::text[];
SELECT set_config('preau.forgetting_contacts', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_take_lists_back")]

    operations = [
        migrations.RunSQL(GUARD, UNDO),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
