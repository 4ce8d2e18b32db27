"""Invented names of people, customers and streets. No list was taken from anywhere."""

from __future__ import annotations

import numpy as np

from dispatch.demo.draw import chance, one

GIVEN = (
    "Alva", "Amir", "Anneli", "Bao", "Birgit", "Carlos", "Dagny", "Deniz", "Ebba", "Elias",
    "Farid", "Freja", "Gunnar", "Hanna", "Hodan", "Ingrid", "Isak", "Jamila", "Johan", "Kajsa",
    "Katarzyna", "Leif", "Linnea", "Luca", "Malin", "Mehmet", "Mira", "Nadia", "Nils", "Omar",
    "Oskar", "Pernilla", "Rasmus", "Rania", "Samuel", "Selma", "Signe", "Stellan", "Svea", "Tariq",
    "Tove", "Tuan", "Ulrika", "Viggo", "Wilma", "Xin", "Yasmin", "Ylva", "Zoran", "Åsa",
)  # fmt: skip
FAMILY = (
    "Almkvist", "Arvidsvik", "Baytar", "Bergmark", "Björnsjö", "Dahlstrand", "Ekholt", "Fagerlid",
    "Forsvall", "Granlöv", "Hagbacke", "Haddadi", "Hjortvik", "Ismailov", "Juhlmark", "Karlsväng",
    "Kowalik", "Ljungsten", "Lövhult", "Mohamud", "Myrstad", "Nguyenh", "Norrvik", "Oxelgren",
    "Petrović", "Rosenby", "Rydhammar", "Salazar", "Sandell", "Sjövall", "Skogsäter", "Stenhede",
    "Tallbo", "Tesfai", "Tunvik", "Törnfeldt", "Wallby", "Vinterås", "Yildirim", "Åkerlind",
)  # fmt: skip
STREET = (
    "Alm", "Ask", "Bergs", "Björk", "Bro", "Dal", "Ek", "Fyr", "Fågel", "Granit", "Hamn", "Hassel",
    "Kajute", "Klock", "Kompass", "Kvarn", "Lots", "Lärk", "Mast", "Nejlik", "Orgel", "Pil",
    "Rosen", "Segel", "Sjö", "Skeppar", "Smed", "Spinn", "Stjärn", "Sten", "Tall", "Timmer",
    "Torn", "Tull", "Vals", "Vind", "Ång", "Äppel", "Ödegårds", "Öster",
)  # fmt: skip
WAY = ("gatan", "vägen", "stigen", "gränden", "backen", "allén", "platsen")
BUSINESS = (
    "Brf {}", "{} förskola", "Café {}", "{} bageri", "{} tandvård", "Hotell {}", "{} skolan",
    "{} kontorshus", "{} vårdcentral", "Restaurang {}", "{} livs", "{} gym", "{} bibliotek",
    "{} fastigheter",
)  # fmt: skip
TITLE = (
    "Blåklinten", "Delfinen", "Eken", "Fiskmåsen", "Fyrbåken", "Gläntan", "Hamnkranen",
    "Igelkotten", "Kajplatsen", "Klippan", "Lyktan", "Mistelen", "Månskenet", "Norrskenet",
    "Pärlan", "Rönnen", "Sjöjungfrun", "Skutan", "Solgläntan", "Svalan", "Tärnan", "Vitsippan",
)  # fmt: skip


def person(rng: np.random.Generator) -> str:
    """A given and a family name."""
    return f"{one(rng, GIVEN)} {one(rng, FAMILY)}"


def people(rng: np.random.Generator, count: int) -> list[str]:
    """``count`` people with different names."""
    pairs = rng.permutation(len(GIVEN) * len(FAMILY))[:count]
    return [f"{GIVEN[pair // len(FAMILY)]} {FAMILY[pair % len(FAMILY)]}" for pair in pairs]


def customer(rng: np.random.Generator) -> str:
    """A household, or now and then a business or a housing association."""
    if chance(rng, 0.35):
        return one(rng, BUSINESS).format(one(rng, TITLE))
    return person(rng)


def address(rng: np.random.Generator) -> str:
    """A street and a number."""
    return f"{one(rng, STREET)}{one(rng, WAY)} {int(rng.integers(1, 90))}"
