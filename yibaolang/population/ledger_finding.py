"""How a kernel finds the facts of an account's holder on a day: one row of several."""

from collections.abc import Sequence

FACTS = "{ptr, ptr, i64}"
"""Where a holder's facts are: their first row, since when each row holds, how many there are."""

_HELD_ON = """
define internal ptr @held_on(ptr %facts, i64 %day) alwaysinline readonly {
  %at.count = getelementptr inbounds FACTS, ptr %facts, i64 0, i32 2
  %count = load i64, ptr %at.count
  %rows = load ptr, ptr %facts
  %one = icmp eq i64 %count, 1
  br i1 %one, label %first, label %many
first:
  ret ptr %rows
many:
  %found = call ptr @held_of_many(ptr %facts, i64 %day)
  ret ptr %found
}
define internal ptr @held_of_many(ptr %facts, i64 %day) noinline readonly nounwind willreturn {
  %at.count = getelementptr inbounds FACTS, ptr %facts, i64 0, i32 2
  %count = load i64, ptr %at.count
  %rows = load ptr, ptr %facts
  %at.since = getelementptr inbounds FACTS, ptr %facts, i64 0, i32 1
  %since = load ptr, ptr %at.since
  br label %head
head:
  %above = phi i64 [%count, %0], [%row, %body]
  %row = sub i64 %above, 1
  %is.first = icmp sle i64 %row, 0
  br i1 %is.first, label %found, label %body
body:
  %at = getelementptr inbounds i32, ptr %since, i64 %row
  %begins.small = load i32, ptr %at
  %begins = sext i32 %begins.small to i64
  %after = icmp sgt i64 %begins, %day
  br i1 %after, label %head, label %found
found:
  %chosen = phi i64 [0, %head], [%row, %body]
  %place = mul i64 %chosen, WIDTH
  %here = getelementptr inbounds i64, ptr %rows, i64 %place
  ret ptr %here
}
""".replace("FACTS", FACTS)
"""The row that is in force on a day: the last one that has begun, or the first."""


def finding(keys: Sequence[str]) -> list[str]:
    """The functions that find the row of a day, as wide as there are keys; none for no keys."""
    return [_HELD_ON.replace("WIDTH", str(len(keys)))] if keys else []
