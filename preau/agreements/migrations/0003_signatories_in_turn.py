"""What no code may do: sign before one's turn, take back a signature, change the frozen file."""

from django.db import migrations

SIGNATORIES = """
CREATE FUNCTION agreements_signatory_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Signatory % stays.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state IN ('signe', 'refuse') AND
            (NEW.state, NEW.name, NEW.email, NEW.capacity, NEW.party, NEW.position, NEW.round_id,
             NEW.consent_text, NEW.consented_at, NEW.signed_at, NEW.revision_id, NEW.reason)
            IS DISTINCT FROM
            (OLD.state, OLD.name, OLD.email, OLD.capacity, OLD.party, OLD.position, OLD.round_id,
             OLD.consent_text, OLD.consented_at, OLD.signed_at, OLD.revision_id, OLD.reason)
        THEN
            RAISE EXCEPTION 'Signatory % has signed or refused.', OLD.id
                USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state = 'consent' AND NEW.state NOT IN ('consent', 'signe') THEN
            RAISE EXCEPTION 'Signatory % has consented.', OLD.id USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = OLD.state AND NEW.position = OLD.position THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.state <> 'en_attente' THEN
        PERFORM 1 FROM agreements_signatory
            WHERE round_id = NEW.round_id AND position < NEW.position AND state <> 'signe';
        IF FOUND THEN
            RAISE EXCEPTION 'Signatory % acts before their turn.', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signatory_turn BEFORE INSERT OR UPDATE OR DELETE ON agreements_signatory
    FOR EACH ROW EXECUTE FUNCTION agreements_signatory_turn();
"""

UNDO_SIGNATORIES = """
DROP TRIGGER signatory_turn ON agreements_signatory;
DROP FUNCTION agreements_signatory_turn();
"""

ROUNDS = """
CREATE FUNCTION agreements_round_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.frozen_id IS NOT NULL AND NEW.frozen_id IS DISTINCT FROM OLD.frozen_id THEN
        RAISE EXCEPTION 'The file of round % is frozen.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.closed_at IS NOT NULL AND
        (NEW.state, NEW.closed_at, NEW.revision_id, NEW.outcome_id)
        IS DISTINCT FROM (OLD.state, OLD.closed_at, OLD.revision_id, OLD.outcome_id)
    THEN
        RAISE EXCEPTION 'Round % is over.', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER round_frozen BEFORE UPDATE ON agreements_signatureround
    FOR EACH ROW EXECUTE FUNCTION agreements_round_frozen();
"""

UNDO_ROUNDS = """
DROP TRIGGER round_frozen ON agreements_signatureround;
DROP FUNCTION agreements_round_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_signature_rounds")]

    operations = [
        migrations.RunSQL(SIGNATORIES, UNDO_SIGNATORIES),
        migrations.RunSQL(ROUNDS, UNDO_ROUNDS),
    ]
