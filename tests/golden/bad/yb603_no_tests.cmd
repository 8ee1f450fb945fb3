test rules.yb
