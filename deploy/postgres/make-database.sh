#!/bin/sh
# Runs once: makes the database and its two roles. sbm owns it, and makes and removes tables; sbm_app is what web servers
# and jobs work as: it owns nothing, and may what manage.py migrate_networks lets it. In the container by itself; on a
# plain server: sudo -u postgres env POSTGRES_USER=postgres DATABASE_PASSWORD=… OWNER_PASSWORD=… deploy/postgres/make-database.sh
set -eu
: "${DATABASE_PASSWORD:?}" "${OWNER_PASSWORD:?}"
psql --set=ON_ERROR_STOP=1 --set=app="$DATABASE_PASSWORD" --set=owner="$OWNER_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE sbm LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE sbm_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
CREATE DATABASE sbm OWNER sbm TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE sbm FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE sbm TO sbm_app;
SQL
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname sbm <<'SQL'
ALTER SCHEMA public OWNER TO sbm;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sbm_app;
SQL
