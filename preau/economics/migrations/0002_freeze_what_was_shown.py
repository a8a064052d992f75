"""What was proposed, computed or closed does not change, whoever writes."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION economics_cost_item_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.allocation_id ELSE NEW.allocation_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM economics_costallocation WHERE id = parent AND state <> 'brouillon')
    THEN
        RAISE EXCEPTION 'the costs of a proposed allocation do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_costs_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER economics_cost_item_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON economics_costitem
    FOR EACH ROW EXECUTE FUNCTION economics_cost_item_frozen();

CREATE FUNCTION economics_provider_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    parent bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.allocation_id ELSE NEW.allocation_id END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.minutes, NEW.square_metres, NEW.half_days, NEW.share_cents, NEW.alone_cents,
            NEW.explanation, NEW.allocation_id)
            IS NOT DISTINCT FROM
           (OLD.minutes, OLD.square_metres, OLD.half_days, OLD.share_cents, OLD.alone_cents,
            OLD.explanation, OLD.allocation_id)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM economics_costallocation WHERE id = parent AND state <> 'brouillon')
    THEN
        RAISE EXCEPTION 'the providers of a proposed allocation do not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_providers_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER economics_provider_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON economics_providerline
    FOR EACH ROW EXECUTE FUNCTION economics_provider_frozen();

CREATE FUNCTION economics_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of an economic model does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'model_version_frozen';
END $$;
CREATE TRIGGER economics_version_frozen
    BEFORE UPDATE OF model_id, number, note, start_cents, lines, seed, draws, result, made_at
    ON economics_modelversion
    FOR EACH ROW EXECUTE FUNCTION economics_version_frozen();

CREATE FUNCTION economics_commitment_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    SELECT r.state INTO found
    FROM economics_invitation i JOIN economics_negotiationround r ON r.id = i.round_id
    WHERE i.id = NEW.invitation_id FOR SHARE OF r;
    IF found <> 'ouverte' THEN
        RAISE EXCEPTION 'the round is not open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_while_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER economics_commitment_open
    BEFORE INSERT OR UPDATE ON economics_commitment
    FOR EACH ROW EXECUTE FUNCTION economics_commitment_open();
"""
UNDO_FREEZE = """
DROP TRIGGER economics_commitment_open ON economics_commitment;
DROP FUNCTION economics_commitment_open();
DROP TRIGGER economics_version_frozen ON economics_modelversion;
DROP FUNCTION economics_version_frozen();
DROP TRIGGER economics_provider_frozen ON economics_providerline;
DROP FUNCTION economics_provider_frozen();
DROP TRIGGER economics_cost_item_frozen ON economics_costitem;
DROP FUNCTION economics_cost_item_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("economics", "0001_tables")]

    operations = [
        migrations.RunSQL(FREEZE, UNDO_FREEZE),
    ]
