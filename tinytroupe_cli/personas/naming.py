"""Draws names for people made by code: random, all different, with different first names as long as possible.

The names come from many languages, so that people can be told apart. For a specific population, a user's own file is
better than this list.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tinytroupe_cli.core.random_streams import Stream


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FEMALE = _words(
    "Ada Agnes Aisha Alba Alma Amina Ana Anja Astrid Aylin Beatriz Birgit Carmen Chiara Clara Daria Dina Edith Elena"
    " Elif Emma Esra Eva Fatou Femke Freya Gerda Greta Hana Hedda Helen Ida Ines Ingrid Irina Jana Joan Judit Karla"
    " Katja Keiko Lara Leila Lena Linh Lotte Lucia Maeve Maja Marta Mei Mina Mira Nadia Naomi Nina Noor Olga Paula"
    " Petra Pilar Rita Rosa Ruth Salma Sara Sigrid Silvia Sofia Tamar Tanja Thea Uma Vera Vida Wanda Yara Yuki Zoe"
    " Zuzana"
)
MALE = _words(
    "Abel Adam Ahmed Albin Alois Amir Andrei Anton Arne Artur Axel Bao Bela Bruno Carlo Cem Dario David Dimitri Edgar"
    " Emil Enzo Erik Ezra Felix Filip Franz Georg Gino Goran Gustav Hamid Hans Henry Hugo Ibrahim Igor Ivan Jakob Jan"
    " Javier Joel Jonas Jorge Josef Juan Kaito Kamal Karim Kofi Lars Leo Levi Luca Luis Malik Marek Mario Matteo Milan"
    " Mohsin Nabil Niels Noah Omar Otto Pablo Pavel Pedro Pierre Rafi Rashid Remo Rolf Ruben Samuel Sandro Sven Tariq"
    " Theo Tibor Tom Udo Victor Viktor Wim Yusuf Zoltan"
)
FAMILY = _words(
    "Abbott Acosta Ahlberg Aziz Bailey Baptiste Barros Bauer Becker Berg Bianchi Blum Bosch Brandt Brennan Byrne Cano"
    " Castro Chavez Cohen Conti Costa Cruz Dahl Delgado Demir Diallo Dvorak Eriksen Farah Fischer Flores Fontaine"
    " Frank Fuchs Gallo Garcia Gruber Haas Haddad Hall Hansen Hayes Hofer Holm Horvat Huang Hughes Ibarra Ito Jansen"
    " Jensen Kaya Keller Khan Kim Kirsch Klein Koch Kovacs Kumar Lang Larsen Lehmann Leone Lopez Lund Maier Marino"
    " Mendes Meyer Molnar Moreau Moser Nagy Nakata Neri Novak Nowak Okoye Olsen Ortiz Osei Patel Petrov Pinto Popov"
    " Quinn Ramos Reyes Ricci Rossi Roth Russo Sato Schmid Serra Shah Silva Singh Sommer Stein Suarez Suzuki Tanaka"
    " Torres Tran Varga Vega Vogel Wagner Walsh Weber Winter Wolf Yilmaz Young Zhang Ziegler Zimmer"
)


_POOLS = {"female": FEMALE, "male": MALE}


def draw_names(genders: Sequence[str], stream: Stream, *, taken: Collection[str] = ()) -> list[str]:
    """Return a full name for each person, all different and none `taken`; `female` and `male` have their own lists.

    First names repeat only after all have been used, so that people can be told apart by them.
    """
    full = {name.casefold() for name in taken}
    used = {name.split()[0] for name in taken if name.split()}
    drawn: list[str] = []
    for gender in genders:
        pool = _POOLS.get(gender, FEMALE + MALE)
        if used.issuperset(pool):
            used -= set(pool)
        given = _one_of([name for name in pool if name not in used], stream)
        used.add(given)
        family = _one_of(FAMILY, stream)
        while f"{given} {family}".casefold() in full:
            family = f"{family}-{_one_of(FAMILY, stream)}"
        full.add(f"{given} {family}".casefold())
        drawn.append(f"{given} {family}")
    return drawn


def _one_of(items: Sequence[str], stream: Stream) -> str:
    return items[stream.integer(len(items))]
