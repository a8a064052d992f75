"""Totals follow lines and entries, whoever writes them; lines and entries are written once.

Refunds never pass what was paid; papers are issued once, without gaps. The share of a rate is of
an entry and is written once, as the entry is.
"""

from django.db import migrations

TOTALS = """
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
UNDO_TOTALS = """
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
REFUNDS_AND_PAPERS = """
CREATE FUNCTION payments_refunds_fit(due bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kept bigint;
  asked bigint;
BEGIN
  -- Two who ask at once meet here.
  SELECT paid_cents - refunded_cents INTO kept FROM payments_due WHERE id = due FOR UPDATE;
  SELECT coalesce(sum(cents), 0) INTO asked FROM payments_refund
    WHERE due_id = due AND state IN ('demande', 'approuve', 'transmis');
  IF asked > kept THEN
    RAISE EXCEPTION 'refunds of due % are % cents, % were kept', due, asked, kept
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refunds_within_paid';
  END IF;
END $$;

CREATE FUNCTION payments_refund_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.due_id, OLD.cents, OLD.office_id)
      IS DISTINCT FROM (NEW.due_id, NEW.cents, NEW.office_id) THEN
    RAISE EXCEPTION 'refund % is of one due and one sum', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refund_sum_once';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state IN ('verse', 'refuse') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'refund % is closed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'refund_closed';
  END IF;
  PERFORM payments_refunds_fit(NEW.due_id);
  RETURN NULL;
END $$;
CREATE TRIGGER payments_refund_guard AFTER INSERT OR UPDATE ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_refund_guard();

CREATE FUNCTION payments_reversal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_refunds_fit(NEW.due_id);
  RETURN NULL;
END $$;
-- Deferred: the entry of a refund is written just before the refund says it is paid.
CREATE CONSTRAINT TRIGGER payments_reversal_guard AFTER INSERT ON payments_payment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.cents < 0)
  EXECUTE FUNCTION payments_reversal_guard();

CREATE FUNCTION payments_paper_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.document_id IS NOT NULL OR
      to_jsonb(NEW) - 'document_id' IS DISTINCT FROM to_jsonb(OLD) - 'document_id' THEN
    RAISE EXCEPTION 'paper % is issued once', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payments_paper_guard BEFORE UPDATE OR DELETE ON payments_paper
  FOR EACH ROW EXECUTE FUNCTION payments_paper_guard();
CREATE TRIGGER payments_billedline_once BEFORE UPDATE OR DELETE ON payments_billedline
  FOR EACH ROW EXECUTE FUNCTION payments_written_once();

-- The next number is the last plus one: neither a gap nor a double can be written.
CREATE FUNCTION payments_paper_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sequence > 1 AND NOT EXISTS (SELECT FROM payments_paper
      WHERE organization_id = NEW.organization_id AND kind = NEW.kind AND year = NEW.year
        AND sequence = NEW.sequence - 1) THEN
    RAISE EXCEPTION 'paper number % leaves a gap', NEW.sequence
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'paper_no_gap';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payments_paper_follows BEFORE INSERT ON payments_paper
  FOR EACH ROW EXECUTE FUNCTION payments_paper_follows();
"""
UNDO_REFUNDS_AND_PAPERS = """
DROP TRIGGER payments_paper_follows ON payments_paper;
DROP FUNCTION payments_paper_follows();
DROP TRIGGER payments_billedline_once ON payments_billedline;
DROP TRIGGER payments_paper_guard ON payments_paper;
DROP FUNCTION payments_paper_guard();
DROP TRIGGER payments_reversal_guard ON payments_payment;
DROP FUNCTION payments_reversal_guard();
DROP TRIGGER payments_refund_guard ON payments_refund;
DROP FUNCTION payments_refund_guard();
DROP FUNCTION payments_refunds_fit(bigint);
"""
SHARES = """
CREATE TRIGGER payments_entryshare_once BEFORE UPDATE OR DELETE ON payments_entryshare
  FOR EACH ROW EXECUTE FUNCTION payments_written_once();
"""
UNDO_SHARES = "DROP TRIGGER payments_entryshare_once ON payments_entryshare;"
TITLES = """
CREATE TRIGGER payments_titlebatch_once BEFORE UPDATE OR DELETE ON payments_titlebatch
  FOR EACH ROW EXECUTE FUNCTION payments_written_once();
CREATE TRIGGER payments_titledline_once BEFORE UPDATE OR DELETE ON payments_titledline
  FOR EACH ROW EXECUTE FUNCTION payments_written_once();
"""
UNDO_TITLES = """
DROP TRIGGER payments_titledline_once ON payments_titledline;
DROP TRIGGER payments_titlebatch_once ON payments_titlebatch;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables")]

    operations = [
        migrations.RunSQL(TOTALS, UNDO_TOTALS),
        migrations.RunSQL(REFUNDS_AND_PAPERS, UNDO_REFUNDS_AND_PAPERS),
        migrations.RunSQL(SHARES, UNDO_SHARES),
        migrations.RunSQL(TITLES, UNDO_TITLES),
    ]
