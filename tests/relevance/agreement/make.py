#!/usr/bin/env python3
"""Makes qrels.txt, run.txt and measures.tsv beside it: judgments and rankings drawn at random, and what
ir_measures (over pytrec_eval, that is trec_eval) says they are worth.

    pip install ir_measures==0.4.3 pytrec_eval-terrier==0.5.11 && python3 make.py
"""
import random
import struct
from pathlib import Path

import ir_measures
from ir_measures import AP, RR, R, nDCG

HERE = Path(__file__).parent
MEASURES = [nDCG @ 10, AP, RR @ 10, R @ 100]


def below(score):
    """The next 32-bit number below a positive one."""
    return struct.unpack("f", struct.pack("I", struct.unpack("I", struct.pack("f", score))[0] - 1))[0]


def draw(random):
    """(query, judged grades by id, ranked ids). Ids are shuffled, so that nothing is ordered by id."""
    for number, (judged, ranked, grades) in enumerate([
        (1, 5, [1]),             # one that is relevant
        (6, 20, [0, 1]),
        (25, 20, [0, 1, 2, 3]),  # more relevant than are cut at 10
        (12, 12, [-2, -1, 0, 1, 4]),
        (30, 130, [0, 1, 2]),    # ranked beyond 100
        (40, 115, [0, 0, 0, 1]),
        (5, 0, [1, 2]),          # no hit at all
        (5, 15, [0]),            # nothing relevant
        (4, 30, [1]),            # found late, or never
    ], start=1):
        ids = random.sample(range(1000), judged + ranked)
        ids = [f"d{one:03}" for one in ids]
        grade = {one: random.choice(grades) for one in ids[:judged]}
        # Better than at random, as rankings are.
        drawn = random.sample(ids, ranked)
        yield f"q{number}", grade, sorted(drawn, key=lambda one: random.random() - grade.get(one, 0) / 8)


def main():
    qrels, run = [], []
    generator = random.Random(17)
    for query, grades, ranked in draw(generator):
        qrels += [(query, one, grade) for one, grade in grades.items()]
        score = 16.0
        for rank, one in enumerate(ranked, start=1):
            run.append((query, one, rank, score))
            # Half of all scores differ from the next as little as 32-bit numbers can.
            score = below(score) if generator.random() < 0.5 else score - 0.125
    # Ranked, but never judged.
    run += [("q0", "d001", 1, 1.0)]
    (HERE / "qrels.txt").write_text("".join(f"{q} 0 {d} {g}\n" for q, d, g in qrels))
    (HERE / "run.txt").write_text("".join(f"{q} Q0 {d} {r} {s:.9g} random\n" for q, d, r, s in run))
    relevant = sorted({query for query, _, grade in qrels if grade > 0})
    worth = {query: {} for query in relevant}
    for found in ir_measures.iter_calc(
        MEASURES,
        ir_measures.read_trec_qrels(str(HERE / "qrels.txt")),
        ir_measures.read_trec_run(str(HERE / "run.txt")),
    ):
        if found.query_id in worth:
            worth[found.query_id][found.measure] = found.value
    worth["mean"] = {m: sum(worth[query][m] for query in relevant) / len(relevant) for m in MEASURES}
    lines = ["\t".join(["query", *map(str, MEASURES)])]
    for query in [*relevant, "mean"]:
        lines.append("\t".join([query, *(f"{worth[query][m]:.6f}" for m in MEASURES)]))
    (HERE / "measures.tsv").write_text("\n".join(lines) + "\n")


main()
