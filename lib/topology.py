"""The order of loading: what is referred to comes first."""

from graphlib import CycleError, TopologicalSorter

from .errors import Problem, _


def sort_by_reference(names, references):
    """Order ``names`` so that each comes after those it refers to.

    :param names: list of names in the wished order, kept where nothing demands another
    :param references: ``{name: set of names it refers to}``; unknown names are ignored
    :raises Problem: when objects refer to each other in a circle
    """
    position = {name: index for index, name in enumerate(names)}
    graph = {name: references.get(name, set()) & position.keys() for name in names}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise Problem(
            "mapping_cycle",
            _("The objects refer to each other in a circle: %(circle)s."),
            _("Load one of these references in a later migration."),
            circle=" → ".join(error.args[1]),
        ) from error
    ordered = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=position.get)
        ordered += ready
        sorter.done(*ready)
    return ordered
