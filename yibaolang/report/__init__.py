"""From results to tables and lines for people and programs; nothing is printed here."""
