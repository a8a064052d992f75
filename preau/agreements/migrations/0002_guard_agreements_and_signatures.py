"""What no code may do: change what an agreement says, sign before one's turn, take back a signature,
change the frozen file.

A merge of organisations alone changes whose an agreement is; its number names who gave it.
"""

from django.db import migrations

AGREEMENTS = """
CREATE FUNCTION agreements_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'publiee' AND (
        TG_OP = 'DELETE' OR
        (NEW.model_id, NEW.number, NEW.state, NEW.title, NEW.legal_basis, NEW.gates, NEW.note,
         NEW.source_digest, NEW.published_at)
        IS DISTINCT FROM
        (OLD.model_id, OLD.number, OLD.state, OLD.title, OLD.legal_basis, OLD.gates, OLD.note,
         OLD.source_digest, OLD.published_at)
    ) THEN
        RAISE EXCEPTION 'Version % is published: it never changes.', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER version_guard BEFORE UPDATE OR DELETE ON agreements_modelversion
    FOR EACH ROW EXECUTE FUNCTION agreements_version_guard();

CREATE FUNCTION agreements_clause_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM agreements_modelversion
        WHERE state = 'publiee' AND id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END
        );
    IF FOUND THEN
        RAISE EXCEPTION 'The clauses of a published version never change.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER clause_guard BEFORE INSERT OR UPDATE OR DELETE ON agreements_clause
    FOR EACH ROW EXECUTE FUNCTION agreements_clause_guard();

CREATE FUNCTION agreements_agreement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER agreement_guard BEFORE UPDATE ON agreements_agreement
    FOR EACH ROW EXECUTE FUNCTION agreements_agreement_guard();
"""
UNDO_AGREEMENTS = """
DROP TRIGGER agreement_guard ON agreements_agreement;
DROP FUNCTION agreements_agreement_guard();
DROP TRIGGER clause_guard ON agreements_clause;
DROP FUNCTION agreements_clause_guard();
DROP TRIGGER version_guard ON agreements_modelversion;
DROP FUNCTION agreements_version_guard();
"""
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
    dependencies = [("agreements", "0001_tables")]

    operations = [
        migrations.RunSQL(AGREEMENTS, UNDO_AGREEMENTS),
        migrations.RunSQL(SIGNATORIES, UNDO_SIGNATORIES),
        migrations.RunSQL(ROUNDS, UNDO_ROUNDS),
    ]
