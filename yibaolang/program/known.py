"""What the account tells its rules: the balances of its buckets, and how often something was."""

from yibaolang.model.plan import Plans
from yibaolang.program import instructions as step
from yibaolang.program.layout import COUNT, Cell, Layout


def told_to_rules(plans: Plans, layout: Layout) -> list[step.Instruction]:
    """Instructions that put balances and counts into the frame, where a name asks for them."""
    found: list[step.Instruction] = []
    for name in plans.slot_names():
        slot = plans.slots[name]
        named = plans.book.names.get(name)
        if named is not None and named.kind == "bucket":
            found.append(step.Give(slot, step.InCell(layout.bucket(name))))
        elif name.startswith("count "):
            _, category, period = name.split(" ")
            cell = Cell(COUNT, category, plans.region, period)
            found.append(step.Give(slot, step.InCell(layout.index(cell))))
    return found
