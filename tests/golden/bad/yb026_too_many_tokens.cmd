check long.yb
