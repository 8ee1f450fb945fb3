compile rules.yb --figure n --on 2024-05-01
