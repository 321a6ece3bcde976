#!/usr/bin/env python3
"""Writes qrels.txt, run.txt and measures.tsv in this folder: random judgments and rankings, and the measures that
ir_measures computes for them (through pytrec_eval, a wrapper of trec_eval).

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
    """Returns the largest 32-bit float below a positive one."""
    return struct.unpack("f", struct.pack("I", struct.unpack("I", struct.pack("f", score))[0] - 1))[0]


def draw(random):
    """Yields (query, grades by id, ranked ids). The ids are random, so that their order says nothing about rank."""
    for number, (judged, ranked, grades) in enumerate([
        (1, 5, [1]),             # one relevant document
        (6, 20, [0, 1]),
        (25, 20, [0, 1, 2, 3]),  # more than 10 relevant documents
        (12, 12, [-2, -1, 0, 1, 4]),
        (30, 130, [0, 1, 2]),    # ranked beyond 100
        (40, 115, [0, 0, 0, 1]),
        (5, 0, [1, 2]),          # no hits
        (5, 15, [0]),            # nothing relevant
        (4, 30, [1]),            # relevant documents at low ranks or not ranked
    ], start=1):
        ids = random.sample(range(1000), judged + ranked)
        ids = [f"d{id:03}" for id in ids]
        grade_of = {id: random.choice(grades) for id in ids[:judged]}
        # Relevant documents tend to rank higher, as in real rankings.
        drawn = random.sample(ids, ranked)
        yield f"q{number}", grade_of, sorted(drawn, key=lambda id: random.random() - grade_of.get(id, 0) / 8)


def main():
    qrels, run = [], []
    generator = random.Random(17)
    for query, grades, ranked in draw(generator):
        qrels += [(query, id, grade) for id, grade in grades.items()]
        score = 16.0
        for rank, id in enumerate(ranked, start=1):
            run.append((query, id, rank, score))
            # Half of all scores differ from the next one by the least difference of 32-bit floats.
            score = below(score) if generator.random() < 0.5 else score - 0.125
    # A query that is ranked, but not judged.
    run += [("q0", "d001", 1, 1.0)]
    (HERE / "qrels.txt").write_text("".join(f"{q} 0 {d} {g}\n" for q, d, g in qrels))
    (HERE / "run.txt").write_text("".join(f"{q} Q0 {d} {r} {s:.9g} random\n" for q, d, r, s in run))
    relevant = sorted({query for query, _, grade in qrels if grade > 0})
    values = {query: {} for query in relevant}
    for metric in ir_measures.iter_calc(
        MEASURES,
        ir_measures.read_trec_qrels(str(HERE / "qrels.txt")),
        ir_measures.read_trec_run(str(HERE / "run.txt")),
    ):
        if metric.query_id in values:
            values[metric.query_id][metric.measure] = metric.value
    values["mean"] = {m: sum(values[query][m] for query in relevant) / len(relevant) for m in MEASURES}
    lines = ["\t".join(["query", *map(str, MEASURES)])]
    for query in [*relevant, "mean"]:
        lines.append("\t".join([query, *(f"{values[query][m]:.6f}" for m in MEASURES)]))
    (HERE / "measures.tsv").write_text("\n".join(lines) + "\n")


main()
