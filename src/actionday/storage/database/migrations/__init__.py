"""Numbered migrations, ``NNNN_name.sql``: the list comes from the folder, each runs once, upwards only."""
