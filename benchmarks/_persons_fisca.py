"""The same rule as a minimal system of OpenFisca-Core and of PolicyEngine-Core.

The formula computes in whole fen, so that it agrees; parameters by region are looked up with an
enumeration of the regions, as those systems do it.
"""

import importlib
from datetime import date
from typing import Any

from benchmarks._persons import (
    ACTIVE,
    AGES,
    AVG_PENSION,
    AVG_WAGE,
    NAMES,
    OLD,
    ON,
    YOUNG,
    Columns,
)

PERIOD = "2025-06"


class Fisca:
    """A system of one of the two packages, and simulations over it."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.own = package == "openfisca_core"
        self.numpy: Any = importlib.import_module("numpy")
        enums = self._part("indexed_enums" if self.own else "enums")
        self.enums = enums
        self.regions = enums.Enum("Region", {name: name for name in NAMES})
        units = self._part("periods").DateUnit if self.own else self._part("periods")
        self.eternity, self.month = units.ETERNITY, units.MONTH
        self.system = self._system()

    def _part(self, name: str) -> Any:
        return importlib.import_module(f"{self.package}.{name}")

    def _system(self) -> Any:
        build = self._part("entities").build_entity
        self.person = build(
            key="person", plural="persons", label="p", doc="", is_person=True
        )
        roles = [{"key": "member", "plural": "members", "label": "m", "doc": ""}]
        household = build(
            key="household", plural="households", label="h", doc="", roles=roles
        )
        system = self._part("taxbenefitsystems").TaxBenefitSystem([self.person, household])
        region = {"possible_values": self.regions, "default_value": next(iter(self.regions))}
        for variable in (
            self._variable("birth", date, self.eternity),
            self._variable("sex", bool, self.month),
            self._variable("retired", bool, self.month),
            self._variable("base", int, self.month),
            self._variable("region", self.enums.Enum, self.month, **region),
            self._variable("age", int, self.month, formula=self._age),
            self._variable("credit", int, self.month, formula=self._credit),
        ):
            system.add_variable(variable)
        system.parameters = self._part("parameters").ParameterNode("", data={"r": _parameters()})
        return system

    def _variable(self, name: str, value_type: Any, period: Any, **more: Any) -> Any:
        fields = {"value_type": value_type, "entity": self.person, "definition_period": period,
                  "label": name, **more}  # fmt: skip
        return type(name, (self._part("variables").Variable,), fields)

    @property
    def _age(self) -> Any:
        numpy = self.numpy

        def formula(person: Any, period: Any) -> Any:
            birth = person("birth", period if self.own else self.eternity).astype("datetime64[D]")
            months = birth.astype("datetime64[M]")
            year = birth.astype("datetime64[Y]").astype(numpy.int64) + 1970
            month = months.astype(numpy.int64) % 12 + 1
            day = (birth - months).astype(numpy.int64) + 1
            return ON.year - year - ((ON.month * 32 + ON.day) < month * 32 + day)

        return formula

    @property
    def _credit(self) -> Any:
        numpy = self.numpy

        def formula(person: Any, period: Any, parameters: Any) -> Any:
            of = parameters(period).r[person("region", period)]
            step = numpy.where(person("sex", period), of["women"], of["men"]).astype(numpy.int64)
            old = person("age", period) >= step
            rate = numpy.where(old, of["old"], of["young"]).astype(numpy.int64)
            retired = (of["pension"].astype(numpy.int64) * rate * 2 + 10_000) // 20_000
            wage, base = of["wage"].astype(numpy.int64), person("base", period)
            held = numpy.clip(base.astype(numpy.int64) * 100, 60 * wage, 300 * wage)
            active = (held * of["active"].astype(numpy.int64) * 2 + 1_000_000) // 2_000_000
            return numpy.where(person("retired", period), retired, active)

        return formula

    def simulation(self, columns: Columns) -> Any:
        """The people as inputs."""
        numpy, count = self.numpy, len(columns["birth"])
        part = self._part("simulation_builder" if self.own else "simulations")
        builder = part.SimulationBuilder()
        if self.own:
            builder.create_entities(self.system)
        else:
            builder.populations = self.system.instantiate_entities()
        everybody = numpy.arange(count)
        builder.declare_person_entity("person", everybody)
        household = builder.declare_entity("household", everybody)
        builder.join_with_persons(household, everybody, numpy.full(count, "member"))
        made = builder.build(self.system)
        born = PERIOD if self.own else self.eternity
        made.set_input("birth", born, columns["birth"].astype("datetime64[D]"))
        made.set_input("sex", PERIOD, columns["sex"].astype(bool))
        made.set_input("retired", PERIOD, columns["status"].astype(bool))
        made.set_input("base", PERIOD, columns["base"].astype(numpy.int32))
        kind = numpy.uint8 if self.own else numpy.int16
        regions = self.enums.EnumArray(columns["region"].astype(kind), self.regions)
        made.set_input("region", PERIOD, regions)
        return made

    def credit(self, simulation: Any) -> Any:
        """The fen of everybody; only this is measured, not the setting of inputs."""
        return self.numpy.asarray(simulation.calculate("credit", PERIOD)).astype(self.numpy.int64)


def _parameters() -> dict[str, Any]:
    def value(number: int) -> dict[str, Any]:
        return {"values": {"2020-01-01": {"value": number}}}

    return {
        name: {
            "pension": value(AVG_PENSION[i]), "wage": value(AVG_WAGE[i]), "old": value(OLD[i]),
            "young": value(YOUNG[i]), "active": value(ACTIVE[i]), "men": value(AGES[i][0]),
            "women": value(AGES[i][1]),
        }
        for i, name in enumerate(NAMES)
    }  # fmt: skip
