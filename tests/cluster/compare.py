"""Answers of a cluster beside those of the embedded index: `compare.py CLUSTER.jsonl EMBEDDED.jsonl` of `query -`.

With `--parts` an answer may say that parts of the index are missing: then it is not compared.
"""

import json
import sys


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main():
    cluster, embedded = read(sys.argv[1]), read(sys.argv[2])
    assert len(cluster) == len(embedded), (len(cluster), len(embedded))
    if "--parts" in sys.argv[3:]:
        whole = [not any("did not answer" in note["message"] for note in page["notes"]) for page in cluster]
        cluster, embedded = ([page for page, is_whole in zip(pages, whole) if is_whole] for pages in (cluster, embedded))
        print(f"{whole.count(False)} of {len(whole)} answers say that a part is missing")
    counts = dict.fromkeys(["totals", "documents", "sets", "orders", "scores", "snippets", "notes"], 0)
    overlap, shown, complete = [], 0, 0
    for here, there in zip(cluster, embedded):
        assert here["query"] == there["query"]
        ids = [[hit["passage"]["id"] for hit in page["hits"]] for page in (here, there)]
        scores = [[round(hit["score"], 9) for hit in page["hits"]] for page in (here, there)]
        snippets = [{hit["passage"]["id"]: hit["snippet"] for hit in page["hits"]} for page in (here, there)]
        both = set(ids[0]) & set(ids[1])
        shown += len(ids[1])
        is_all = len(ids[1]) == there["total"]
        complete += is_all
        if ids[1]:
            overlap.append(len(set(ids[0][:10]) & set(ids[1][:10])) / len(ids[1][:10]))
        same = {
            "totals": here["total"] == there["total"],
            "documents": here["total_documents"] == there["total_documents"],
            # Where a page holds all hits it is the set of them.
            "sets": not is_all or set(ids[0]) == set(ids[1]),
            "orders": ids[0] == ids[1],
            "scores": scores[0] == scores[1],
            "snippets": all(snippets[0][id] == snippets[1][id] for id in both),
            "notes": here["notes"] == there["notes"],
        }
        for what, holds in same.items():
            counts[what] += holds
            if not holds:
                print(f"{what}: {here['query']}", file=sys.stderr)
                if what in ("totals", "documents"):
                    key = {"totals": "total", "documents": "total_documents"}[what]
                    print(f"  {here[key]} instead of {there[key]}", file=sys.stderr)
                if what == "notes":
                    print(f"  {here['notes']} instead of {there['notes']}", file=sys.stderr)
    mean = sum(overlap) / max(1, len(overlap))
    print(
        f"{len(cluster)} queries, {len(overlap)} with hits, {complete} with all of them on the page, {shown} hits; "
        f"the same: {counts}; first ten overlap {mean:.4f}"
    )
    whole = all(counts[what] == len(cluster) for what in ("totals", "documents", "sets", "notes"))
    return 0 if whole and mean >= 0.95 else 1


sys.exit(main())
