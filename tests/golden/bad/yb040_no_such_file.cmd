check rules.yb missing.yb
