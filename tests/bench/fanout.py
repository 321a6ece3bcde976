"""Simulates the latency of a search over many shards: `fanout.py [PASSAGES]` prints a table for this many passages.

A search asks one copy of every shard and ends with the slowest of them. The time of one shard is random: it grows with the
number of matching passages, and sometimes a shard pauses (garbage collection, a merge, a cold page). The constants below
are assumptions, to be replaced by measured values. Searches arrive at random, wait in the queue of a busy copy, and run
in the order of arrival.
"""

import heapq
import random
import sys

PASSAGE_BYTES = 1_300  # on disk, with positions and the stored text: 85 MB for 65,519 passages
PER_MILLION_MS = 1.2  # to score the matches of a query of a few words among a million passages
BASE_MS = 1.5  # of every request to a shard: the request itself, the top-k heap, the hits
SPREAD = 0.45  # standard deviation of the logarithm of the cost of a query: rare and frequent words
PAUSE_CHANCE, PAUSE_MS = 0.002, 60.0
NETWORK_MS = 0.5
MERGE_MS = 0.02  # to merge the hits of one shard
SEARCHES = 4_000
CORES = 8  # of each machine


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def simulate(shards, replicas, machines, per_second, passages, generator):
    """Returns latencies in ms and the share of busy cores; each core runs one shard request at a time."""
    copies = 1 + replicas
    machines_of_shard = [[(shard * copies + copy) % machines for copy in range(copies)] for shard in range(shards)]
    free_at = [[0.0] * CORES for _ in range(machines)]
    now, latencies, busy_ms = 0.0, [], 0.0
    millions = passages / shards / 1e6
    for _ in range(SEARCHES):
        now += generator.expovariate(per_second / 1000)
        query_cost = generator.lognormvariate(0, SPREAD)
        end = 0.0
        for shard in range(shards):
            # The copy on the machine that is free first, as with adaptive replica selection.
            machine = min(machines_of_shard[shard], key=lambda candidate: free_at[candidate][0])
            cost = BASE_MS + PER_MILLION_MS * millions * query_cost * generator.lognormvariate(0, 0.15)
            if generator.random() < PAUSE_CHANCE:
                cost += generator.expovariate(1 / PAUSE_MS)
            start = max(now, heapq.heappop(free_at[machine]))
            heapq.heappush(free_at[machine], start + cost)
            busy_ms += cost
            end = max(end, start + cost)
        latencies.append(end - now + NETWORK_MS + MERGE_MS * shards)
    return latencies, busy_ms / (now * machines * CORES)


def main():
    passages = float(sys.argv[1]) if len(sys.argv) > 1 else 1e9
    print(f"{passages:.0e} passages, {passages * PASSAGE_BYTES / 1e12:.2f} TB without copies, {CORES} cores a machine")
    print("shards  GB each  copies  machines  searches/s  busy  median ms  p99 ms  core ms each")
    generator = random.Random(1)
    for shards in (24, 48, 96, 192):
        for replicas, machines, per_second in ((1, 24, 20), (1, 24, 100), (2, 48, 100)):
            latencies, busy = simulate(shards, replicas, machines, per_second, passages, generator)
            cost = busy * machines * CORES * 1000 / per_second
            row = (shards, passages * PASSAGE_BYTES / shards / 1e9, 1 + replicas, machines, per_second)
            columns = "{:6}  {:7.1f}  {:6}  {:8}  {:10}".format(*row)
            print(f"{columns}  {busy:4.0%}  {percentile(latencies, 0.5):9.0f}  {percentile(latencies, 0.99):6.0f}  {cost:12.0f}")


main()
