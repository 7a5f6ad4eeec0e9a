#!/bin/sh
# Runs once: makes the application's role, which owns its database and is nothing more. In the container by itself; on a
# plain server: sudo -u postgres env POSTGRES_USER=postgres DATABASE_PASSWORD=… deploy/postgres/make-database.sh
set -eu
: "${DATABASE_PASSWORD:?}"
psql --set=ON_ERROR_STOP=1 --set=password="$DATABASE_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE sbm LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE sbm OWNER sbm TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE sbm FROM PUBLIC;
SQL
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname sbm <<'SQL'
ALTER SCHEMA public OWNER TO sbm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
