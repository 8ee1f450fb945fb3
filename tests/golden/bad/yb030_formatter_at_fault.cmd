fmt rules.yb
