"""Refunds never pass what was paid, whoever writes; papers are issued once, without gaps."""

from django.db import migrations

MAKE = """
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

UNDO = """
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


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_deposits_refunds_and_papers")]

    operations = [migrations.RunSQL(MAKE, UNDO)]
