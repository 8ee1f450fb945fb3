check rules.yb
