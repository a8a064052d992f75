"""Totals follow lines and entries, whoever writes them; lines and entries are written once."""

from django.db import migrations

MAKE = """
CREATE FUNCTION payments_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is written once', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payments_written_once';
END $$;
CREATE TRIGGER payments_dueline_once BEFORE UPDATE OR DELETE ON payments_dueline
  FOR EACH ROW EXECUTE FUNCTION payments_written_once();
CREATE TRIGGER payments_payment_once BEFORE UPDATE OR DELETE ON payments_payment
  FOR EACH ROW EXECUTE FUNCTION payments_written_once();

CREATE FUNCTION payments_due_state(total integer, kept integer) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN total > kept THEN 'a_payer' WHEN total = 0 THEN 'sans_objet' ELSE 'payee' END
$$;

CREATE FUNCTION payments_follow_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payments_due d SET total_cents = d.total_cents + n.cents, changed_at = now(),
      state = payments_due_state(d.total_cents + n.cents, d.paid_cents - d.refunded_cents)
    FROM (SELECT due_id, sum(cents)::integer AS cents FROM added GROUP BY due_id) n
    WHERE d.id = n.due_id;
  RETURN NULL;
END $$;
CREATE TRIGGER payments_follow_lines AFTER INSERT ON payments_dueline
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_follow_lines();

CREATE FUNCTION payments_follow_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payments_due d SET paid_cents = d.paid_cents + n.paid,
      refunded_cents = d.refunded_cents + n.refunded, changed_at = now(),
      state = payments_due_state(
        d.total_cents, d.paid_cents + n.paid - d.refunded_cents - n.refunded)
    FROM (SELECT due_id,
            coalesce(sum(cents) FILTER (WHERE nature <> 'remboursement'), 0)::integer AS paid,
            coalesce(-sum(cents) FILTER (WHERE nature = 'remboursement'), 0)::integer AS refunded
          FROM added GROUP BY due_id) n
    WHERE d.id = n.due_id;
  RETURN NULL;
END $$;
CREATE TRIGGER payments_follow_entries AFTER INSERT ON payments_payment
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_follow_entries();

CREATE FUNCTION payments_due_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 AND (NEW.total_cents, NEW.paid_cents, NEW.refunded_cents, NEW.state)
      IS DISTINCT FROM (OLD.total_cents, OLD.paid_cents, OLD.refunded_cents, OLD.state) THEN
    RAISE EXCEPTION 'the totals of due % follow its lines and entries', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'due_totals_follow';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payments_due_guard BEFORE UPDATE ON payments_due
  FOR EACH ROW EXECUTE FUNCTION payments_due_guard();
"""

UNDO = """
DROP TRIGGER payments_due_guard ON payments_due;
DROP FUNCTION payments_due_guard();
DROP TRIGGER payments_follow_entries ON payments_payment;
DROP FUNCTION payments_follow_entries();
DROP TRIGGER payments_follow_lines ON payments_dueline;
DROP FUNCTION payments_follow_lines();
DROP FUNCTION payments_due_state(integer, integer);
DROP TRIGGER payments_payment_once ON payments_payment;
DROP TRIGGER payments_dueline_once ON payments_dueline;
DROP FUNCTION payments_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_offices_dues_and_journal")]

    operations = [migrations.RunSQL(MAKE, UNDO)]
