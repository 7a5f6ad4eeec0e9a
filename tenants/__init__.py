"""What a network is: its name, schema, hosts and life, and the only door between schemas."""
