"""What the people who run the platform see of it: log lines, figures, slow statements; never content."""
