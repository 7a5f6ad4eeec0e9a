"""Keeps the list of words that typing errors are corrected to."""

from shared_apps.schools.services.staging import execute


def refresh_words() -> None:
    """List the words of all schools anew, writing only what differs; numbers and postcodes are not words."""
    execute(
        """
        CREATE TEMP TABLE current_words ON COMMIT DROP AS
        SELECT word, ndoc AS schools FROM ts_stat('SELECT search_vector FROM schools_school')
        WHERE word !~ '[0-9]' AND length(word) BETWEEN 2 AND 60
        """
    )
    execute("DELETE FROM schools_schoolword WHERE word NOT IN (SELECT word FROM current_words)")
    execute(
        """
        INSERT INTO schools_schoolword AS known (word, schools) SELECT word, schools FROM current_words
        ON CONFLICT (word) DO UPDATE SET schools = excluded.schools WHERE known.schools <> excluded.schools
        """
    )
    execute("DROP TABLE current_words")


def refresh_statistics() -> None:
    """Tell the planner at once about many new rows; autovacuum comes too late for the first searches."""
    for table in ("schools_school", "schools_schoolword", "schools_schoollink"):
        execute(f"ANALYZE {table}")
