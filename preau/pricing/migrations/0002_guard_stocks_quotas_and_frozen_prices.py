"""What no race may do: take more of an option than there is, pass a quota, rewrite a price.

Two organisations that each stayed within a quota may be past it together: what is used is used.
The next use is refused, as of anybody past their quota.
"""

from django.db import migrations

OPTIONS = """
CREATE FUNCTION pricing_option_stock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    available integer;
    peak integer;
BEGIN
    IF NEW.released_at IS NOT NULL THEN
        RETURN NULL;
    END IF;
    SELECT stock INTO available FROM pricing_option WHERE id = NEW.option_id FOR UPDATE;
    IF available IS NULL THEN
        RETURN NULL;
    END IF;
    WITH uses AS (
        SELECT t.busy, t.quantity
        FROM pricing_optiontaken t JOIN availability_occupancy o ON o.id = t.occupancy_id
        WHERE t.option_id = NEW.option_id AND t.released_at IS NULL AND o.released_at IS NULL
            AND t.busy && NEW.busy
    )
    SELECT max(total) INTO peak FROM (
        SELECT (SELECT sum(u.quantity) FROM uses u WHERE u.busy @> greatest(
            lower(one.busy), lower(NEW.busy))) AS total
        FROM uses one
    ) instants;
    IF peak > available THEN
        RAISE EXCEPTION 'Option %: % wanted at once, % there.', NEW.option_id, peak, available
            USING ERRCODE = 'check_violation', CONSTRAINT = 'option_stock';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER option_stock AFTER INSERT OR UPDATE ON pricing_optiontaken
    FOR EACH ROW EXECUTE FUNCTION pricing_option_stock();

CREATE FUNCTION pricing_option_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pricing_optiontaken SET busy = NEW.busy
        WHERE occupancy_id = NEW.id AND released_at IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER option_follows AFTER UPDATE OF busy ON availability_occupancy
    FOR EACH ROW WHEN (NEW.busy IS DISTINCT FROM OLD.busy)
    EXECUTE FUNCTION pricing_option_follows();
"""
UNDO_OPTIONS = """
DROP TRIGGER option_follows ON availability_occupancy;
DROP FUNCTION pricing_option_follows();
DROP TRIGGER option_stock ON pricing_optiontaken;
DROP FUNCTION pricing_option_stock();
"""
QUOTAS = """
CREATE FUNCTION pricing_quota_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
    used integer;
BEGIN
    IF NEW.released_at IS NOT NULL OR TG_OP = 'UPDATE' AND current_setting('preau.merging', true)
            = OLD.organization_id || '>' || NEW.organization_id THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(
        ':', 'pricing.quota', NEW.quota_id, NEW.organization_id, '/', NEW.user_id), 0));
    SELECT "limit" INTO allowed FROM pricing_quota WHERE id = NEW.quota_id;
    SELECT sum(u.amount) INTO used
        FROM pricing_quotause u JOIN availability_occupancy o ON o.id = u.occupancy_id
        WHERE u.quota_id = NEW.quota_id AND u."window" = NEW."window"
            AND u.organization_id IS NOT DISTINCT FROM NEW.organization_id
            AND u.user_id IS NOT DISTINCT FROM NEW.user_id
            AND u.released_at IS NULL AND o.released_at IS NULL;
    IF used > allowed THEN
        RAISE EXCEPTION 'Quota %: % used, % allowed.', NEW.quota_id, used, allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quota_limit';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER quota_limit AFTER INSERT OR UPDATE ON pricing_quotause
    FOR EACH ROW EXECUTE FUNCTION pricing_quota_limit();
"""
UNDO_QUOTAS = """
DROP TRIGGER quota_limit ON pricing_quotause;
DROP FUNCTION pricing_quota_limit();
"""
FROZEN = """
CREATE FUNCTION pricing_frozen_price_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Price % is frozen.', OLD.id USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER frozen_price_no_change BEFORE UPDATE ON pricing_frozenprice
    FOR EACH ROW EXECUTE FUNCTION pricing_frozen_price_is_written_once();
"""
UNDO_FROZEN = """
DROP TRIGGER frozen_price_no_change ON pricing_frozenprice;
DROP FUNCTION pricing_frozen_price_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_tables")]

    operations = [
        migrations.RunSQL(OPTIONS, UNDO_OPTIONS),
        migrations.RunSQL(QUOTAS, UNDO_QUOTAS),
        migrations.RunSQL(FROZEN, UNDO_FROZEN),
    ]
