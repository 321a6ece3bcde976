"""Prints queries of every kind, drawn from a folder of text with a fixed seed: `queries.py FOLDER COUNT`."""

import pathlib
import random
import re
import sys


def passages(folder, generator):
    """Yields paragraphs of text files, in random order of files."""
    files = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix in {".txt", ".md"})
    generator.shuffle(files)
    for path in files:
        text = path.read_text(encoding="utf-8", errors="ignore")
        for line in text.splitlines():
            if 80 < len(line) < 2000 and not re.search(r"[|<>{}\[\]#*_`\\]|https?:", line):
                yield line.strip()


def english(generator, line):
    words = [w for w in re.findall(r"[A-Za-z]{5,}", line)]
    if len(words) < 6:
        return []
    at = generator.randrange(len(words) - 3)
    one, two, three = words[at : at + 3]
    run = re.search(r"[A-Za-z]{3,} [A-Za-z]{3,} [A-Za-z]{3,}", line)
    other = generator.choice(words)
    typo = one[:2] + one[3:] if len(one) > 6 else one
    queries = [
        f"{one} {two}", f"{one} AND {two}", f"{one} AND ({two} OR {three})", f"+{one} {other}", f"{one} AND NOT {two}",
        f"{one[:6]}*ing", f"{one[:7]}* AND {two}", f"{one[:4]}?{one[5:]} AND {three}", f"{one}~1 AND {two}", f"{typo} {two}",
        f"/{one[:5].lower()}.*/ AND {two}", f"{one} NEAR/3 {two}", f"{one} NEAR/8 {three}", f"{one} SAME {three}",
        f"title:{one} AND {two}", f"heading:{one}", f"title:{one} {two}", f"speaker:{one}", f"issuer:{one}", f"{one}^3 AND {three}",
        f"{one} AND lang:en AND {two}", f"{one} AND date:2020..2025 AND {two}", f"{one} AND source:gov AND {three}",
        f"{one} AND -date:..2015 AND {two}", f"({one} OR {two}) AND NOT ({three} NEAR/5 {other})", one, f"{one} {two} {three} {other}",
    ]
    if run:
        phrase = run.group()
        queries += [f'"{phrase}"', f'"{phrase}"~2', f'{other} "{phrase}"', f'"{phrase}" AND {other}']
    return queries


def chinese(generator, line):
    runs = [r for r in re.findall(r"[\u4e00-\u9fff]{6,}", line)]
    if not runs:
        return []
    run = generator.choice(runs)
    at = generator.randrange(len(run) - 4)
    two, four, five = run[at : at + 2], run[at : at + 4], run[at : at + 5]
    other = generator.choice(runs)[:2]
    return [
        four, f'"{five}"', f"{two} AND {other}", f"{four} {other}", f"{four}~", f"{two[0]}?{four[2]}", f"{two}*{five[-1]}",
        f"{two} NEAR/4 {other}", f"{two} SAME {other}", f"title:{two}", f"heading:{two}", f"{four} AND NOT {other}",
        f"{five} lang:zh", run[:10], f"+{four} {other}",
    ]


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    generator = random.Random(20)
    by_kind = {}
    for line in passages(folder, generator):
        for queries in (english(generator, line), chinese(generator, line)):
            for number, query in enumerate(queries):
                by_kind.setdefault((len(queries) > 20, number), []).append(query)
        if sum(map(len, by_kind.values())) > count * 60:
            break
    kinds = [by_kind[kind] for kind in sorted(by_kind)]
    for kind in kinds:
        generator.shuffle(kind)
    seen = set()
    for index in range(max(map(len, kinds))):
        for kind in kinds:
            query = kind[index] if index < len(kind) else None
            if query and query not in seen and len(seen) < count:
                seen.add(query)
                print(query)


main()
