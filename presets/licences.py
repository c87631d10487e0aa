#!/usr/bin/env python3
"""Writes licences.txt, beside this file: the notices owed for the crates that are compiled into Sideman.

    python3 licences.py

Needs cargo and the downloaded crates. To be run again whenever a dependency is added.
"""

import json
import re
import subprocess
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = {"sideman", "engine", "models"}

# What begins the text of each licence, the one to choose first of several first.
LICENCES = {
    "MIT": "Permission is hereby granted, free of charge",
    "BSD": "Redistribution and use in source and binary forms",
    "ISC": "Permission to use, copy, modify, and/or distribute",
    "Zlib": "This software is provided 'as-is'",
    "Unicode": "UNICODE LICENSE V3",
    "Unlicense": "This is free and unencumbered software",
    "Apache": "Apache License",
    "MPL": "Mozilla Public License",
}
# Licences whose text is not repeated for each crate: what is said in its place.
SHORT = {
    "Apache": "Under the Apache License, Version 2.0; its text stands above.",
    "MPL": "Under the Mozilla Public License, version 2.0 (https://mozilla.org/MPL/2.0/). They are compiled in\n"
    "unchanged; their source code is at the address given with each.",
    "Unlicense": "Dedicated to the public domain (https://unlicense.org).",
}


def crates():
    """The packages that the program is linked from, on any platform."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, check=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    waiting = [i for i, package in packages.items() if package["name"] == "sideman"]
    found = set()
    while waiting:
        package = waiting.pop()
        if package not in found:
            found.add(package)
            normal = [d["pkg"] for d in nodes[package]["deps"] if any(k["kind"] is None for k in d["dep_kinds"])]
            waiting += normal
    linked = [packages[i] for i in found if packages[i]["name"] not in OURS]
    return sorted(linked, key=lambda package: (package["name"], package["version"]))


def chosen(expression):
    """The licences that bind us: all that are joined by AND, one of those joined by OR."""
    parts = re.split(r"\bAND\b", expression.replace("/", " OR "))
    return [next((name for name in LICENCES if re.search(name, part)), part.strip()) for part in parts]


def text(package, licence):
    """Copyright lines and text of a licence, from the files of the crate, or in its usual words."""
    folder = Path(package["manifest_path"]).parent
    start = LICENCES[licence]
    names = [file for file in folder.iterdir() if re.match("licen[cs]e|copying|unlicense", file.name, re.I)]
    # A file that is named after the licence comes before one that holds several.
    for file in sorted(names, key=lambda file: (licence.upper() not in file.name.upper(), file.name)):
        words = file.read_text(errors="replace") if file.is_file() else ""
        if start in words:
            head, body = words.split(start, 1)
            lines = [line.strip(" \t#/*") for line in head.splitlines()]
            rights = [line for line in lines if re.match(r"(portions )?(copyright|\(c\)|©)", line, re.I)]
            return rights, start + body
    if licence in ("Apache", "Unlicense"):
        return [], ""
    holders = ", ".join(re.sub(r" <.*?>", "", author) for author in package["authors"])
    rights = [f"Copyright (c) {holders or 'the developers of ' + package['name']}"]
    ours = (HERE.parent / "LICENSE-MIT").read_text()
    return rights, ours[ours.index(start) :] if licence == "MIT" else ""


def wrapped(words):
    """A text with its long lines folded."""
    return "\n".join(textwrap.fill(line, 100) if len(line) > 100 else line for line in words.splitlines())


def notices():
    """The groups of crates that share a text: (licence, text, notices), in a fixed order."""
    groups = {}
    for package in crates():
        for licence in chosen(package["license"] or ""):
            if licence not in LICENCES:
                raise SystemExit(f"{package['name']}: licence {licence!r} is not known to this script")
            rights, body = text(package, licence)
            body = SHORT.get(licence) or wrapped(body.strip())
            same = " ".join(re.sub(r"[^a-z0-9 ]", " ", body.lower()).split())
            notice = f"{package['name']} {package['version']} ({package['license']})"
            source = [package["repository"] or ""] if licence == "MPL" else []
            group = groups.setdefault((list(LICENCES).index(licence), same), (body, []))
            group[1].append("\n".join([notice, *("  " + line for line in rights + source)]))
    return [groups[key] for key in sorted(groups)]


def main():
    ruler = "\n\n" + "-" * 80 + "\n\n"
    parts = ["\n".join(crate) + "\n\n" + body for body, crate in notices()]
    (HERE / "licences.txt").write_text("Crates compiled into Sideman" + ruler + ruler.join(parts) + "\n")


if __name__ == "__main__":
    main()
