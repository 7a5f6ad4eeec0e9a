-- The two roles of the embedded database, and what a cluster of before them holds put into the owner's hands.
DO $$
DECLARE
    statement text;
BEGIN
    IF to_regrole('collective_owner') IS NULL THEN CREATE ROLE collective_owner LOGIN CREATEDB; END IF;
    IF to_regrole('collective_app') IS NULL THEN CREATE ROLE collective_app LOGIN; END IF;
    ALTER DATABASE collective OWNER TO collective_owner;
    FOR statement IN
        SELECT format('ALTER SCHEMA %I OWNER TO collective_owner', nspname) FROM pg_namespace
        WHERE nspowner = current_user::regrole AND nspname !~ '^pg_' AND nspname <> 'information_schema'
        UNION ALL
        SELECT format('ALTER TABLE %s OWNER TO collective_owner', pg_class.oid::regclass) FROM pg_class
        WHERE relowner = current_user::regrole AND relkind IN ('r', 'p', 'v', 'm', 'S')
          AND pg_class.oid >= 16384 AND NOT EXISTS (  -- of ours, no table's own sequence and no extension's
            SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
              AND deptype IN ('a', 'i', 'e'))
    LOOP
        EXECUTE statement;
    END LOOP;
END $$
