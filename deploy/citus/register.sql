-- Tells Citus of the tables of the platform and the Collective, which stay on the coordinator. Without it one commit in a
-- network and in the Collective could break in two; with it that is a commit in two phases. Run it after the first
-- migrate_networks and after every upgrade, as the role that owns the tables; what is registered already is left alone.
--   psql --file=deploy/citus/register.sql 'postgresql://sbm:…@COORDINATOR:5432/sbm'
\set ON_ERROR_STOP on
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_proc WHERE proname = 'citus_add_local_table_to_metadata') THEN
    RAISE EXCEPTION 'This is no Citus: the extension is not in this database.';
  END IF;
END $$;

-- One statement each, as one may bring others with it by their foreign keys.
SELECT format(
  'SELECT citus_add_local_table_to_metadata(%L::regclass, true) '
  'WHERE NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = %L::regclass)', place, place)
FROM (
  SELECT format('%I.%I', nspname, relname) AS place
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind = 'r' AND nspname IN ('public', 'collective')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
  ORDER BY 1
) AS tables
\gexec

-- Registering sets the counters of identity columns back to one.
SELECT format(
  'SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %s', place, attname, attname, place)
FROM (
  SELECT format('%I.%I', nspname, relname) AS place, attname
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE attidentity <> '' AND relkind = 'r' AND nspname IN ('public', 'collective')
  ORDER BY 1
) AS counters
\gexec
