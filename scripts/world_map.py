#!/usr/bin/env python3
"""Makes the map of the workbench out of the npm package world-atlas (Natural Earth, public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    scripts/world_map.py package/countries-10m.json crates/sayso-cli/assets/map/world.bin.gz

Packed with gzip. Lines are simplified to about a kilometre; where two countries meet they keep one line in common. Layout, numbers as LEB128 varints, `z` with the
sign in the lowest bit: "SAYSOMAP", four little-endian doubles (degrees a step and first degree, of longitude, then of latitude); the number
of lines, each: 1 for a border or 0 for a coast, the number of points, z steps from the last point; the number of countries, each: bytes of the
name, the name, the number of rings, each: the number of lines, z the line's number (its bitwise complement when it runs backwards).
"""

import gzip
import json
import struct
import sys
from collections import Counter

# Half a kilometre off is what a line may be after simplifying; in steps of the source, about 0.0036 by 0.0017 degrees.
TOLERANCE = 0.006
# Islands under about two square kilometres are left out.
LEAST = 0.0002


def absolute(arc):
    x = y = 0
    out = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        out.append((x, y))
    return out


def simplified(points, scale):
    """Ramer, Douglas and Peucker's lines; a closed one is cut at its farthest point first."""
    (sx, sy), keep = scale, {0, len(points) - 1}
    xy = [(x * sx, y * sy) for x, y in points]
    spans = [(0, len(points) - 1)]
    if points[0] == points[-1] and len(points) > 3:
        far = max(range(len(xy)), key=lambda k: (xy[k][0] - xy[0][0]) ** 2 + (xy[k][1] - xy[0][1]) ** 2)
        keep.add(far)
        spans = [(0, far), (far, len(points) - 1)]
    while spans:
        a, b = spans.pop()
        worst, at = 0.0, None
        (ax, ay), (bx, by) = xy[a], xy[b]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        for k in range(a + 1, b):
            px, py = xy[k][0] - ax, xy[k][1] - ay
            t = min(1.0, max(0.0, (px * dx + py * dy) / length)) if length else 0.0
            off = (px - t * dx) ** 2 + (py - t * dy) ** 2
            if off > worst:
                worst, at = off, k
        if at is not None and worst > TOLERANCE**2:
            keep.add(at)
            spans += [(a, at), (at, b)]
    return [points[k] for k in sorted(keep)]


def area(points, scale):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:]))) / 2 * scale[0] * scale[1]


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def signed(n):
    return varint(n << 1 if n >= 0 else (-n << 1) - 1)


def main(source, out):
    atlas = json.load(open(source, encoding="utf-8"))
    transform = atlas["transform"]
    scale = transform["scale"]
    arcs = [simplified(absolute(arc), scale) for arc in atlas["arcs"]]
    alone = lambda arc: arcs[arc][0] == arcs[arc][-1] and (len(arcs[arc]) < 4 or area(arcs[arc], scale) < LEAST)
    number = lambda arc: arc if arc >= 0 else ~arc
    countries = []
    for country in atlas["objects"]["countries"]["geometries"]:
        polygons = country.get("arcs", [])
        polygons = [polygons] if country["type"] == "Polygon" else polygons
        rings = [ring for polygon in polygons for ring in polygon if not (len(ring) == 1 and alone(number(ring[0])))]
        if rings:
            countries.append((country["properties"]["name"], rings))
    countries.sort()
    used = Counter(number(arc) for _, rings in countries for ring in rings for arc in ring)
    order = {arc: k for k, arc in enumerate(sorted(used))}
    data = bytearray(b"SAYSOMAP" + struct.pack("<4d", scale[0], transform["translate"][0], scale[1], transform["translate"][1]))
    data += varint(len(order))
    for arc in order:
        data += varint(int(used[arc] > 1)) + varint(len(arcs[arc]))
        x = y = 0
        for px, py in arcs[arc]:
            data += signed(px - x) + signed(py - y)
            x, y = px, py
    data += varint(len(countries))
    for name, rings in countries:
        data += varint(len(name.encode())) + name.encode() + varint(len(rings))
        for ring in rings:
            data += varint(len(ring))
            for arc in ring:
                data += signed(order[arc] if arc >= 0 else ~order[~arc])
    open(out, "wb").write(gzip.compress(data, 9, mtime=0))
    print(f"{len(countries)} countries, {len(order)} lines, {sum(len(arcs[a]) for a in order)} points, {len(data)} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
