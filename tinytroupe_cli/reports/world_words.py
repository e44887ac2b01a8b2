"""Who reached whom, in words: alone, in a room, in a network, in several places."""

from __future__ import annotations

from tinytroupe_cli.core.number_format import number
from tinytroupe_cli.plan.world import WorldPlan
from tinytroupe_cli.reports.figures import count, enumeration

_CONTACTS = {
    "nobody": "",
    "friends_of_friends": ", and could make contact with those one tie further",
    "anyone": ", and could make contact with anyone",
}


def meeting_words(world: WorldPlan, people: int) -> str:
    """Return what these people did together, after their names."""
    match world.type:
        case "interviews":
            return "was interviewed alone" if people == 1 else "were interviewed, each alone"
        case "room":
            return "was alone in a room" if people == 1 else "met in a room"
        case "network":
            return "was alone in a network" if people == 1 else "were connected in a network"


def reach_words(world: WorldPlan, people: int, trials: int) -> str:
    """Return who heard whom, in a sentence without its full stop."""
    if world.type == "interviews":
        return "Each person was interviewed alone"
    where = f" in the same place ({enumeration(list(world.places))})" if world.places else ""
    if world.type == "room":
        return f"People heard those{where}" if where else "Everyone heard everyone"
    average = number(2 * len(world.ties) / people) if people else "0"
    ties = f"{count(len(world.ties), 'tie')}, {average} a person on average{', in the first trial' * (trials > 1)}"
    return f"People heard those they were tied to{where and ' and'}{where}: {ties}{_CONTACTS[world.reach_out]}"
