"""Compares answers of a cluster with those of the embedded index: `compare.py CLUSTER.jsonl EMBEDDED.jsonl`.

Both files are outputs of `query -`. With `--parts`, answers whose notes say that a shard did not answer are left out.
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
        complete = [not any("did not answer" in note["message"] for note in page["notes"]) for page in cluster]
        cluster, embedded = ([page for page, is_complete in zip(pages, complete) if is_complete] for pages in (cluster, embedded))
        print(f"{complete.count(False)} of {len(complete)} answers say that a part is missing")
    counts = dict.fromkeys(["totals", "documents", "sets", "orders", "scores", "snippets", "notes"], 0)
    overlap, hit_count, full_pages = [], 0, 0
    for actual, expected in zip(cluster, embedded):
        assert actual["query"] == expected["query"]
        ids = [[hit["passage"]["id"] for hit in page["hits"]] for page in (actual, expected)]
        scores = [[round(hit["score"], 9) for hit in page["hits"]] for page in (actual, expected)]
        snippets = [{hit["passage"]["id"]: hit["snippet"] for hit in page["hits"]} for page in (actual, expected)]
        common = set(ids[0]) & set(ids[1])
        hit_count += len(ids[1])
        holds_all_hits = len(ids[1]) == expected["total"]
        full_pages += holds_all_hits
        if ids[1]:
            overlap.append(len(set(ids[0][:10]) & set(ids[1][:10])) / len(ids[1][:10]))
        equal = {
            "totals": actual["total"] == expected["total"],
            "documents": actual["total_documents"] == expected["total_documents"],
            # The sets of hits are comparable only if the page holds all of them.
            "sets": not holds_all_hits or set(ids[0]) == set(ids[1]),
            "orders": ids[0] == ids[1],
            "scores": scores[0] == scores[1],
            "snippets": all(snippets[0][id] == snippets[1][id] for id in common),
            "notes": actual["notes"] == expected["notes"],
        }
        for aspect, is_equal in equal.items():
            counts[aspect] += is_equal
            if not is_equal:
                print(f"{aspect}: {actual['query']}", file=sys.stderr)
                if aspect in ("totals", "documents"):
                    key = {"totals": "total", "documents": "total_documents"}[aspect]
                    print(f"  {actual[key]} instead of {expected[key]}", file=sys.stderr)
                if aspect == "notes":
                    print(f"  {actual['notes']} instead of {expected['notes']}", file=sys.stderr)
    mean = sum(overlap) / max(1, len(overlap))
    print(
        f"{len(cluster)} queries, {len(overlap)} with hits, {full_pages} with all of them on the page, {hit_count} hits; "
        f"equal: {counts}; mean overlap of the first ten hits {mean:.4f}"
    )
    all_equal = all(counts[aspect] == len(cluster) for aspect in ("totals", "documents", "sets", "notes"))
    return 0 if all_equal and mean >= 0.95 else 1


sys.exit(main())
