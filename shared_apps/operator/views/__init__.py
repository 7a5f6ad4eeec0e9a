"""The operator's console: how the networks and the jobs are, and what can be done; never what a network holds."""
