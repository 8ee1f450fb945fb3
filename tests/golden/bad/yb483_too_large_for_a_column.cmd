population rules.yb --people people.csv --on 2024-06 --figure huge --explain 007
