"""What every page and every app stands on: layouts, components, health, words and times."""
