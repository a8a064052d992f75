"""Two organisations that each stayed within a quota may be past it together: what is used is used.

The next use is refused, as of anybody past their quota.
"""

from django.db import migrations

LIMIT = """
CREATE OR REPLACE FUNCTION pricing_quota_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
    used integer;
BEGIN
    IF NEW.released_at IS NOT NULL {but} THEN
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
"""
MERGING = """OR TG_OP = 'UPDATE' AND current_setting('preau.merging', true)
            = OLD.organization_id || '>' || NEW.organization_id"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_guard_stocks_quotas_and_frozen_prices")]

    operations = [migrations.RunSQL(LIMIT.format(but=MERGING), LIMIT.format(but=""))]
