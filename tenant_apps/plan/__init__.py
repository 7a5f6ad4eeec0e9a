"""The owners' pages about what their network's plan is and how it is paid; has no tables."""
