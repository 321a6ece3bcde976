"""Prints queries of every kind for a folder of texts, one per line: `queries.py FOLDER COUNT`.

The random generator has a fixed seed, so the same folder always gives the same queries.
"""

import pathlib
import random
import re
import sys


def passages(folder, chosen):
    """Yields the paragraphs of the text files in random order."""
    files = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix in {".txt", ".md"})
    chosen.shuffle(files)
    for path in files:
        text = path.read_text(encoding="utf-8", errors="ignore")
        for line in text.splitlines():
            if 80 < len(line) < 2000 and not re.search(r"[|<>{}\[\]#*_`\\]|https?:", line):
                yield line.strip()


def english(chosen, line):
    words = [w for w in re.findall(r"[A-Za-z]{5,}", line)]
    if len(words) < 6:
        return []
    at = chosen.randrange(len(words) - 3)
    one, two, three = words[at : at + 3]
    run = re.search(r"[A-Za-z]{3,} [A-Za-z]{3,} [A-Za-z]{3,}", line)
    other = chosen.choice(words)
    typo = one[:2] + one[3:] if len(one) > 6 else one
    made = [
        f"{one} {two}", f"{one} AND {two}", f"{one} AND ({two} OR {three})", f"+{one} {other}", f"{one} AND NOT {two}",
        f"{one[:6]}*ing", f"{one[:7]}* AND {two}", f"{one[:4]}?{one[5:]} AND {three}", f"{one}~1 AND {two}", f"{typo} {two}",
        f"/{one[:5].lower()}.*/ AND {two}", f"{one} NEAR/3 {two}", f"{one} NEAR/8 {three}", f"{one} SAME {three}",
        f"title:{one} AND {two}", f"heading:{one}", f"title:{one} {two}", f"speaker:{one}", f"issuer:{one}", f"{one}^3 AND {three}",
        f"{one} AND lang:en AND {two}", f"{one} AND date:2020..2025 AND {two}", f"{one} AND source:gov AND {three}",
        f"{one} AND -date:..2015 AND {two}", f"({one} OR {two}) AND NOT ({three} NEAR/5 {other})", one, f"{one} {two} {three} {other}",
    ]
    if run:
        phrase = run.group()
        made += [f'"{phrase}"', f'"{phrase}"~2', f'{other} "{phrase}"', f'"{phrase}" AND {other}']
    return made


def chinese(chosen, line):
    runs = [r for r in re.findall(r"[\u4e00-\u9fff]{6,}", line)]
    if not runs:
        return []
    run = chosen.choice(runs)
    at = chosen.randrange(len(run) - 4)
    two, four, five = run[at : at + 2], run[at : at + 4], run[at : at + 5]
    other = chosen.choice(runs)[:2]
    return [
        four, f'"{five}"', f"{two} AND {other}", f"{four} {other}", f"{four}~", f"{two[0]}?{four[2]}", f"{two}*{five[-1]}",
        f"{two} NEAR/4 {other}", f"{two} SAME {other}", f"title:{two}", f"heading:{two}", f"{four} AND NOT {other}",
        f"{five} lang:zh", run[:10], f"+{four} {other}",
    ]


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    chosen = random.Random(20)
    by_kind = {}
    for line in passages(folder, chosen):
        for made in (english(chosen, line), chinese(chosen, line)):
            for number, query in enumerate(made):
                by_kind.setdefault((len(made) > 20, number), []).append(query)
        if sum(map(len, by_kind.values())) > count * 60:
            break
    kinds = [by_kind[kind] for kind in sorted(by_kind)]
    for kind in kinds:
        chosen.shuffle(kind)
    seen = set()
    for place in range(max(map(len, kinds))):
        for kind in kinds:
            query = kind[place] if place < len(kind) else None
            if query and query not in seen and len(seen) < count:
                seen.add(query)
                print(query)


main()
