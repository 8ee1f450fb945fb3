"""What every module of LLVM IR has: intrinsics, and the calendar as functions.

The calendar is that of C. Neri and L. Schneider, "Euclidean affine functions and their application
to calendar algorithms" (2022), for the proleptic Gregorian calendar, from the year -1199 on.
"""

PRELUDE = """\
declare {i64, i1} @llvm.sadd.with.overflow.i64(i64, i64)
declare {i64, i1} @llvm.ssub.with.overflow.i64(i64, i64)
declare {i64, i1} @llvm.smul.with.overflow.i64(i64, i64)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
declare i64 @llvm.abs.i64(i64, i1)

; The year, the month (1 to 12) and the day of a number of days since 1970-01-01.
define internal {i64, i64, i64} @yb.civil(i64 %day) alwaysinline {
  %n = add i64 %day, 1157759
  %n1a = mul i64 %n, 4
  %n1 = add i64 %n1a, 3
  %c = udiv i64 %n1, 146097
  %r = urem i64 %n1, 146097
  %nc = lshr i64 %r, 2
  %n2a = mul i64 %nc, 4
  %n2 = add i64 %n2a, 3
  %p = mul i64 %n2, 2939745
  %z = lshr i64 %p, 32
  %low = and i64 %p, 4294967295
  %ny1 = udiv i64 %low, 2939745
  %ny = lshr i64 %ny1, 2
  %y1 = mul i64 %c, 100
  %y2 = add i64 %y1, %z
  %y = sub i64 %y2, 1200
  %n3a = mul i64 %ny, 2141
  %n3 = add i64 %n3a, 197913
  %m = lshr i64 %n3, 16
  %d1 = and i64 %n3, 65535
  %d2 = udiv i64 %d1, 2141
  %d = add i64 %d2, 1
  %late = icmp uge i64 %ny, 306
  %late.wide = zext i1 %late to i64
  %year = add i64 %y, %late.wide
  %m12 = sub i64 %m, 12
  %month = select i1 %late, i64 %m12, i64 %m
  %one = insertvalue {i64, i64, i64} poison, i64 %year, 0
  %two = insertvalue {i64, i64, i64} %one, i64 %month, 1
  %three = insertvalue {i64, i64, i64} %two, i64 %d, 2
  ret {i64, i64, i64} %three
}

; The number of days of a day in a month counted from January of the year 0; not past its end.
define internal i64 @yb.day(i64 %months, i64 %day) alwaysinline {
  %from = add i64 %months, 14400
  %years = udiv i64 %from, 12
  %month0 = urem i64 %from, 12
  %month = add i64 %month0, 1
  %four = and i64 %years, 3
  %is.four = icmp eq i64 %four, 0
  %hundred = urem i64 %years, 100
  %no.hundred = icmp ne i64 %hundred, 0
  %by.400 = urem i64 %years, 400
  %is.400 = icmp eq i64 %by.400, 0
  %usual = and i1 %is.four, %no.hundred
  %leap = or i1 %usual, %is.400
  %shifted = lshr i64 %month, 3
  %mixed = xor i64 %month, %shifted
  %usual.last = or i64 %mixed, 30
  %february = icmp eq i64 %month, 2
  %leap.wide = zext i1 %leap to i64
  %february.last = add i64 %leap.wide, 28
  %last = select i1 %february, i64 %february.last, i64 %usual.last
  %clamped = call i64 @llvm.smin.i64(i64 %day, i64 %last)
  %early = icmp ule i64 %month, 2
  %early.wide = zext i1 %early to i64
  %y = sub i64 %years, %early.wide
  %month12 = add i64 %month, 12
  %m = select i1 %early, i64 %month12, i64 %month
  %c = udiv i64 %y, 100
  %y.days = mul i64 %y, 1461
  %y.part = lshr i64 %y.days, 2
  %c.part = lshr i64 %c, 2
  %s1 = sub i64 %y.part, %c
  %s2 = add i64 %s1, %c.part
  %m.days = mul i64 %m, 979
  %m.less = sub i64 %m.days, 2919
  %m.part = lshr i64 %m.less, 5
  %s3 = add i64 %s2, %m.part
  %s4 = add i64 %s3, %clamped
  %found = sub i64 %s4, 1157760
  ret i64 %found
}

; How many months have passed from one day to another (Civil Code art. 202).
define internal i64 @yb.months(i64 %start, i64 %end) alwaysinline {
  %a = call {i64, i64, i64} @yb.civil(i64 %start)
  %b = call {i64, i64, i64} @yb.civil(i64 %end)
  %after = add i64 %end, 1
  %f = call {i64, i64, i64} @yb.civil(i64 %after)
  %a.year = extractvalue {i64, i64, i64} %a, 0
  %a.month = extractvalue {i64, i64, i64} %a, 1
  %a.day = extractvalue {i64, i64, i64} %a, 2
  %b.year = extractvalue {i64, i64, i64} %b, 0
  %b.month = extractvalue {i64, i64, i64} %b, 1
  %b.day = extractvalue {i64, i64, i64} %b, 2
  %f.day = extractvalue {i64, i64, i64} %f, 2
  %years = sub i64 %b.year, %a.year
  %years.months = mul i64 %years, 12
  %months1 = sub i64 %b.month, %a.month
  %months = add i64 %years.months, %months1
  %short = icmp slt i64 %b.day, %a.day
  %inside = icmp ne i64 %f.day, 1
  %less = and i1 %short, %inside
  %less.wide = zext i1 %less to i64
  %found = sub i64 %months, %less.wide
  ret i64 %found
}
"""
"""The text; `@yb.day` is for years from 0 on, and the day is from 1 to 31."""
