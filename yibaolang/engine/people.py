"""The people of a script."""

from yibaolang.engine.given import Known, known
from yibaolang.engine.rulebook import RuleBook
from yibaolang.language import syntax
from yibaolang.language.diagnostics import Refusal, diagnostic
from yibaolang.language.source import Place, Source
from yibaolang.language.suggest import suggestions


def compared_region(rules: RuleBook, compared: syntax.Compared, source: Source) -> str:
    """The region that is compared; Refusal YB102, or YB101 for a version that it does not have."""
    place = Place(source, compared.region.span)
    region = rules.book.region_names.get(compared.region.text)
    if region is None:
        near = suggestions(compared.region.text, rules.book.region_names, limit=1)
        suggestion = near[0] if near else ""
        raise Refusal(diagnostic("YB102", place, name=compared.region.text, suggestion=suggestion))
    names = {
        each.name
        for above in rules.book.chain(region)
        for each in rules.book.versions.get(above, ())
        if each.name
    }
    if compared.version and compared.version not in names:
        near = suggestions(compared.version, names, limit=1)
        suggestion = near[0] if near else ""
        raise Refusal(diagnostic("YB101", place, name=compared.version, suggestion=suggestion))
    return region


def person_of(rules: RuleBook, name: syntax.Name | None, source: Source) -> tuple[str, Known]:
    """The person that is named, or the only one; nobody if there are none; Refusal YB111, YB112."""
    persons = rules.book.persons
    if name is None:
        own = list(dict.fromkeys(persons.values()))
        if not own:
            return "", known(rules.book, ())
        if len(own) > 1:
            raise Refusal(diagnostic("YB112", None, names=", ".join(persons)))
        entry = own[0]
    else:
        found = persons.get(name.text)
        if found is None:
            near = suggestions(name.text, persons, limit=1)
            place = Place(source, name.span)
            suggestion = near[0] if near else ""
            raise Refusal(diagnostic("YB111", place, name=name.text, suggestion=suggestion))
        entry = found
    sentence = entry.sentence
    if not isinstance(sentence, syntax.Person):
        raise TypeError("the entry of a person holds a Person")
    facts = known(rules.book, [(entry.source, fact) for fact in sentence.facts])
    return sentence.names.texts[0], facts
