"""Outgoing email: rendered and stored in the schema it belongs to, sent by a job."""
