"""What no code may do: skip a state, change what is being read."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION resources_resource_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('brouillon', 'relecture'), ('brouillon', 'archivee'),
        ('relecture', 'brouillon'), ('relecture', 'publiee'), ('relecture', 'archivee'),
        ('publiee', 'brouillon'), ('publiee', 'perimee'), ('publiee', 'archivee'),
        ('perimee', 'brouillon'), ('perimee', 'publiee'), ('perimee', 'archivee'),
        ('archivee', 'brouillon'), ('archivee', 'publiee')
    ) THEN
        RAISE EXCEPTION 'A resource does not go from % to %.', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.source = 'site' AND NEW.source = 'site'
        AND OLD.state = 'archivee' AND NEW.state = 'publiee' THEN
        RAISE EXCEPTION 'What was put away is read again before it is published.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.source = 'site'
        AND OLD.state IN ('relecture', 'publiee', 'perimee')
        AND NEW.state IN ('relecture', 'publiee', 'perimee')
        AND (NEW.kind, NEW.title, NEW.summary, NEW.body, NEW.eligibility, NEW.provider_name,
             NEW.url, NEW.application_url, NEW.themes, NEW.blockage_kinds, NEW.phases,
             NEW.audiences, NEW.areas, NEW.aid_types, NEW.rate_min, NEW.rate_max, NEW.rate_note,
             NEW.floor_cents, NEW.ceiling_cents, NEW.recurrence, NEW.is_call, NEW.is_charged,
             NEW.opens_on, NEW.closes_on, NEW.source)
        IS DISTINCT FROM
            (OLD.kind, OLD.title, OLD.summary, OLD.body, OLD.eligibility, OLD.provider_name,
             OLD.url, OLD.application_url, OLD.themes, OLD.blockage_kinds, OLD.phases,
             OLD.audiences, OLD.areas, OLD.aid_types, OLD.rate_min, OLD.rate_max, OLD.rate_note,
             OLD.floor_cents, OLD.ceiling_cents, OLD.recurrence, OLD.is_call, OLD.is_charged,
             OLD.opens_on, OLD.closes_on, OLD.source)
    THEN
        RAISE EXCEPTION 'What resource % says does not change once it is being read.', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER resource_guard BEFORE UPDATE ON resources_resource
    FOR EACH ROW EXECUTE FUNCTION resources_resource_guard();

CREATE FUNCTION resources_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The history of a resource is only added to.'
        USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER entry_guard BEFORE UPDATE OR DELETE ON resources_entry
    FOR EACH ROW EXECUTE FUNCTION resources_entry_guard();
"""
UNDO_GUARDS = """
DROP TRIGGER entry_guard ON resources_entry;
DROP FUNCTION resources_entry_guard();
DROP TRIGGER resource_guard ON resources_resource;
DROP FUNCTION resources_resource_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("resources", "0002_tables")]

    operations = [
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
