"""A merge of organisations alone changes whose an agreement is; its number names who gave it."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION agreements_agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    merging text := current_setting('preau.merging', true);
BEGIN
    IF (NEW.number, NEW.version_id, NEW.place_id, NEW.amends_id, NEW.holder_user_id, NEW.variables,
        NEW.content, NEW.total_cents)
        IS DISTINCT FROM
        (OLD.number, OLD.version_id, OLD.place_id, OLD.amends_id, OLD.holder_user_id, OLD.variables,
        OLD.content, OLD.total_cents)
        OR NEW.owner_id <> OLD.owner_id
            AND merging IS DISTINCT FROM OLD.owner_id || '>' || NEW.owner_id
        OR NEW.holder_organization_id IS DISTINCT FROM OLD.holder_organization_id
            -- Null on either side is no merge.
            AND (merging = OLD.holder_organization_id || '>' || NEW.holder_organization_id)
                IS NOT TRUE
    THEN
        RAISE EXCEPTION 'What agreement % says is frozen.', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION agreements_agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.owner_id, NEW.version_id, NEW.place_id, NEW.amends_id, NEW.holder_user_id,
        NEW.holder_organization_id, NEW.variables, NEW.content, NEW.total_cents)
        IS DISTINCT FROM
        (OLD.number, OLD.owner_id, OLD.version_id, OLD.place_id, OLD.amends_id, OLD.holder_user_id,
        OLD.holder_organization_id, OLD.variables, OLD.content, OLD.total_cents)
    THEN
        RAISE EXCEPTION 'What agreement % says is frozen.', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_signatories_in_turn")]

    operations = [
        migrations.RunSQL(GUARD, BEFORE),
        # `number` alone is unique: it says the same, and holds when two owners become one.
        migrations.RemoveConstraint("agreement", "agreement_number_once"),
    ]
