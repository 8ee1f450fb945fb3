check large.yb
