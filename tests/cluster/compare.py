"""Compares the answers of a cluster with those of an embedded index, both from `query -`.

    compare.py CLUSTER.jsonl EMBEDDED.jsonl [--parts]

With `--parts`, answers with a note about missing shards are skipped.
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
        complete_answers = [not any("did not answer" in note["message"] for note in page["notes"]) for page in cluster]
        cluster, embedded = ([page for page, is_complete in zip(pages, complete_answers) if is_complete] for pages in (cluster, embedded))
        print(f"{complete_answers.count(False)} of {len(complete_answers)} answers miss shards")
    counts = dict.fromkeys(["totals", "documents", "sets", "orders", "scores", "snippets", "notes"], 0)
    overlap, hits, complete = [], 0, 0
    for actual, expected in zip(cluster, embedded):
        assert actual["query"] == expected["query"]
        ids = [[hit["passage"]["id"] for hit in page["hits"]] for page in (actual, expected)]
        scores = [[round(hit["score"], 9) for hit in page["hits"]] for page in (actual, expected)]
        snippets = [{hit["passage"]["id"]: hit["snippet"] for hit in page["hits"]} for page in (actual, expected)]
        both = set(ids[0]) & set(ids[1])
        hits += len(ids[1])
        is_all = len(ids[1]) == expected["total"]
        complete += is_all
        if ids[1]:
            overlap.append(len(set(ids[0][:10]) & set(ids[1][:10])) / len(ids[1][:10]))
        agreements = {
            "totals": actual["total"] == expected["total"],
            "documents": actual["total_documents"] == expected["total_documents"],
            # The sets are compared only if a page contains all hits.
            "sets": not is_all or set(ids[0]) == set(ids[1]),
            "orders": ids[0] == ids[1],
            "scores": scores[0] == scores[1],
            "snippets": all(snippets[0][id] == snippets[1][id] for id in both),
            "notes": actual["notes"] == expected["notes"],
        }
        for what, agrees in agreements.items():
            counts[what] += agrees
            if not agrees:
                print(f"{what}: {actual['query']}", file=sys.stderr)
                if what in ("totals", "documents"):
                    key = {"totals": "total", "documents": "total_documents"}[what]
                    print(f"  {actual[key]} instead of {expected[key]}", file=sys.stderr)
                if what == "notes":
                    print(f"  {actual['notes']} instead of {expected['notes']}", file=sys.stderr)
    mean = sum(overlap) / max(1, len(overlap))
    print(
        f"{len(cluster)} queries, {len(overlap)} with hits, {complete} with all of them on the page, {hits} hits; "
        f"equal: {counts}; first ten overlap {mean:.4f}"
    )
    all_equal = all(counts[what] == len(cluster) for what in ("totals", "documents", "sets", "notes"))
    return 0 if all_equal and mean >= 0.95 else 1


sys.exit(main())
