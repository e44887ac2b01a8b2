# ruff: noqa: E501 - tables of one-line experiments
"""Who is tied to whom: written, read from a file, or generated from the seed."""

from pathlib import Path

import pytest
from compiling import a_folder, compiled_text

from tinytroupe_cli.compiler.worlds.topology import generated
from tinytroupe_cli.core.errors import SpecError
from tinytroupe_cli.core.random_streams import Stream
from tinytroupe_cli.plan.tie_graph import components, neighbors
from tinytroupe_cli.spec.worlds import Topology


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def compiled(here: Path, world: str, cast: str = "[lisa, oscar, amara]", more: str = ""):
    return compiled_text(here, f"personas: {cast}\nworld: {world}\n{more}")


def ties(here: Path, world: str, cast: str = "[lisa, oscar, amara]", more: str = ""):
    plan, _ = compiled(here, world, cast, more)
    return [[(tie.a, tie.b, tie.name) for tie in trial.world.ties] for trial in plan.trials]


def told(here: Path, world: str, cast: str = "[lisa, oscar, amara]"):
    with pytest.raises(SpecError) as raised:
        compiled(here, world, cast)
    return [(found.code, found.message, found.hint) for found in raised.value.diagnostics]


def test_relations_are_ties_in_cast_order_with_or_without_a_name(here):
    world = "{type: network, relations: [[Oscar Weber, lisa, colleagues], [amara, oscar]]}"
    assert ties(here, world) == [[("lisa", "oscar", "colleagues"), ("oscar", "amara", "")]]


def test_a_name_stays_with_a_tie_that_is_generated_as_well(here):
    world = "{type: network, topology: {type: ring}, relations: [[lisa, oscar, siblings]]}"
    assert ties(here, world) == [[("lisa", "oscar", "siblings"), ("lisa", "amara", ""), ("oscar", "amara", "")]]


def test_a_file_has_names_or_ids_and_perhaps_a_heading_and_a_name(here):
    (here / "ties.csv").write_text('from,to,what\n"Lisa Carter", oscar, colleagues\n\noscar,amara\n')
    assert ties(here, "{type: network, topology: {type: csv, file: ties.csv}}") == [
        [("lisa", "oscar", "colleagues"), ("oscar", "amara", "")]
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lisa,oskar", "ties.csv, line 2: nobody in the cast is called 'oskar'"),
        ("lisa,Lisa Carter", "ties.csv, line 2: lisa is tied to themselves"),
        ("amara,lisa", "ties.csv, line 2: a second tie between amara and lisa"),
        ("lisa", "ties.csv, line 2: expected two names and, optionally, the tie's name; got 1"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(here, line, message):
    (here / "ties.csv").write_text(f"lisa,amara\n{line}\n")
    [(code, said, _)] = told(here, "{type: network, topology: {type: csv, file: ties.csv}}")
    assert (code, said) == ("E394", message)


@pytest.mark.parametrize(
    ("world", "code", "message"),
    [
        ("{type: network}", "E391", "nobody is tied to anybody in this network"),
        ("{type: interviews, topology: {type: ring}}", "E391", "ties have no effect in a world of type 'interviews'"),
        ("{type: network, relations: [[lisa, oskar]]}", "E320", "nobody in the cast is called 'oskar'"),
        ("{type: network, relations: [[lisa, Lisa Carter]]}", "E392", "lisa is tied to themselves"),
        ("{type: network, relations: [[lisa, oscar], [oscar, lisa, foes]]}", "E392", "a second tie between oscar and lisa"),
        ("{type: network, relations: [[lisa]]}", "E107", "an entry in 'relations' needs at least 2 entries; it has 1"),
        ("{type: network, topology: {type: small_world}}", "E393", "a small_world topology needs 'degree'"),
        ("{type: network, topology: {type: grid, degree: 2}}", "E393", "a grid topology has no 'degree'"),
        ("{type: network, topology: {type: ring, degree: 4}}", "E393", "3 people can't have 4 ties each"),
        ("{type: network, topology: {type: scale_free, degree: 1}}", "E393", "the degree of a scale_free network must be even"),
        ("{type: network, topology: {type: groups, groups: 4}}", "E393", "3 people can't fill 4 groups"),
        ("{type: network, topology: {type: random}}", "E393", "a random topology needs either 'degree' or 'probability'"),
        ("{type: network, topology: {type: random, degree: 2, probability: 0.5}}", "E393", "a random topology needs either 'degree' or 'probability'"),
        ("{type: network, topology: {type: small_world, degree: 2, rewire: 1.5}}", "E107", "'rewire' must be at most 1; it is 1.5"),
        ("{type: network, topology: {type: csv}}", "E393", "a csv topology needs 'file'"),
        ("{type: network, topology: {type: csv, file: no.csv}}", "E394", "no file 'no.csv'"),
    ],
)  # fmt: skip
def test_a_network_that_cannot_be_is_refused(here, world, code, message):
    assert [(found[0], found[1]) for found in told(here, world)] == [(code, message)]


def test_one_person_is_tied_to_nobody(here):
    assert told(here, "{type: network, topology: {type: ring}}", "[lisa]")[0][1] == "1 person can't be tied to anybody"


def test_somebody_without_a_tie_is_worth_a_warning(here):
    _, warnings = compiled(here, "{type: network, relations: [[lisa, oscar]]}")
    assert [(one.code, one.message, one.is_error) for one in warnings] == [("E395", "amara has no ties", False)]


def test_the_conditions_of_a_replicate_share_their_network_and_replicates_do_not(here):
    cast, more = "[{use: lisa, copies: 30}]", "replicates: 2\nfactors: {price: {levels: [1, 2], idle: true}}\n"
    first, second, third, fourth = ties(here, "{type: network, topology: {type: small_world, degree: 4}}", cast, more)
    assert first == second
    assert third == fourth
    assert first != third


def test_between_designs_tie_those_who_are_together(here):
    more = "design: between\nfactors: {price: {levels: [1, 2], idle: true}}\n"
    plan, _ = compiled(here, "{type: network, topology: {type: ring}}", "[{use: lisa, copies: 10}]", more)
    for trial in plan.trials:
        people = {member.id for member in trial.people}
        assert len(trial.world.ties) == 5
        assert {end for tie in trial.world.ties for end in (tie.a, tie.b)} == people


def test_connected_components_of_a_written_network_are_assigned_whole(here):
    more = "design: between\nfactors: {price: {levels: [1, 2], idle: true}}\n"
    world = "{type: network, relations: [[lisa, oscar], [amara, tomas]]}"
    plan, _ = compiled(here, world, "[lisa, amara, oscar, tomas]", more)
    assert plan.assignment.groups == (("lisa", "oscar"), ("amara", "tomas"))
    assert sorted(len(trial.world.ties) for trial in plan.trials) == [1, 1]
    with pytest.raises(SpecError) as caught:
        compiled(here, "{type: network, relations: [[lisa, oscar]]}", "[lisa, oscar]", more)
    assert "1 connected component of the network can't fill 2 conditions" in str(caught.value.diagnostics)


def pairs(people: int = 50, seed: int = 1, **keys: object):
    return generated(Topology.model_validate(keys), people, Stream(seed, 1, "topology"))


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        ({"type": "small_world", "degree": 4}, 100),
        ({"type": "ring"}, 50),
        ({"type": "ring", "degree": 4}, 100),
        ({"type": "scale_free", "degree": 4}, 96),
        ({"type": "random", "degree": 4}, 100),
        ({"type": "random", "probability": 1}, 50 * 49 // 2),
        ({"type": "groups", "groups": 10}, 10 * 10),
        ({"type": "groups", "groups": 10, "rewire": 0.2}, 10 * 10),
    ],
)
def test_a_topology_has_as_many_ties_as_it_says(keys, count):
    made = pairs(**keys)
    assert len(made) == len(set(made)) == count
    assert all(0 <= one < other < 50 for one, other in made)
    assert made == pairs(**keys)


def test_chance_comes_from_the_seed():
    assert pairs(type="random", degree=4) != pairs(type="random", degree=4, seed=2)
    assert pairs(type="ring") == pairs(type="ring", seed=2)


def test_groups_hang_together_and_rewiring_joins_them():
    def parts(**keys: object):
        made = pairs(type="groups", groups=5, **keys)
        around: dict[str, set[str]] = {str(n): set() for n in range(50)}
        for one, other in made:
            around[str(one)].add(str(other))
            around[str(other)].add(str(one))
        return [len(group) for group in components(around)]

    assert parts() == [10] * 5
    assert parts(rewire=0.2) == [50]


@pytest.mark.parametrize(("people", "count"), [(9, 12), (2, 1), (7, 8), (12, 17)])
def test_a_grid_is_as_square_as_can_be(people, count):
    assert len(pairs(people, type="grid")) == count


def test_hubs_come_about_in_a_scale_free_network():
    degrees = [sum(person in pair for pair in pairs(200, type="scale_free", degree=4)) for person in range(200)]
    assert max(degrees) > 15
    assert sorted(degrees)[100] <= 4


def test_components_are_largest_first_and_loners_are_one_of_their_own(here):
    plan, _ = compiled(here, "{type: network, relations: [[amara, oscar]]}")
    trial = plan.trials[0]
    around = neighbors((member.id for member in trial.people), trial.world.ties)
    assert components(around) == [{"amara", "oscar"}, {"lisa"}]
