"""What a search over many shards costs, by simulation: `fanout.py [PASSAGES]` prints a table for so many passages.

A search asks one copy of every shard and is as late as the latest. How long one shard takes is drawn from a
distribution: the passages that have a word grow with the shard, and now and then one pauses (collection of garbage, a
merge, a cold page). Its figures are the constants below, to be replaced by measured ones. Searches arrive at random,
wait in a queue where a copy is at work, and are answered in the order in which they came.
"""

import heapq
import random
import sys

PASSAGE_BYTES = 1_300  # on disk, with positions and the stored text: 85 MB for 65,519 passages
PER_MILLION_MS = 1.2  # to go through what one query of a few words finds in a million passages
LEAST_MS = 1.5  # whatever a shard holds: the request, the heap, the hits
SPREAD = 0.45  # of the logarithm of what a query costs: rare words and frequent ones
PAUSE_CHANCE, PAUSE_MS = 0.002, 60.0
NETWORK_MS = 0.5
MERGE_MS = 0.02  # for the hits of one more shard
SEARCHES = 4_000
CORES = 8  # of a machine


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def simulate(shards, replicas, machines, per_second, passages, chosen):
    """Latencies in ms; each machine works on as many shard requests at once as it has cores."""
    copies = 1 + replicas
    place = [[(shard * copies + copy) % machines for copy in range(copies)] for shard in range(shards)]
    free = [[0.0] * CORES for _ in range(machines)]
    now, latencies, busy = 0.0, [], 0.0
    millions = passages / shards / 1e6
    for _ in range(SEARCHES):
        now += chosen.expovariate(per_second / 1000)
        hard = chosen.lognormvariate(0, SPREAD)
        last = 0.0
        for shard in range(shards):
            # The copy whose machine is free first, as adaptive replica selection has it.
            machine = min(place[shard], key=lambda one: free[one][0])
            cost = LEAST_MS + PER_MILLION_MS * millions * hard * chosen.lognormvariate(0, 0.15)
            if chosen.random() < PAUSE_CHANCE:
                cost += chosen.expovariate(1 / PAUSE_MS)
            start = max(now, heapq.heappop(free[machine]))
            heapq.heappush(free[machine], start + cost)
            busy += cost
            last = max(last, start + cost)
        latencies.append(last - now + NETWORK_MS + MERGE_MS * shards)
    return latencies, busy / (now * machines * CORES)


def main():
    passages = float(sys.argv[1]) if len(sys.argv) > 1 else 1e9
    print(f"{passages:.0e} passages, {passages * PASSAGE_BYTES / 1e12:.2f} TB without copies, {CORES} cores a machine")
    print("shards  GB each  copies  machines  searches/s  busy  median ms  p99 ms  core ms each")
    chosen = random.Random(1)
    for shards in (24, 48, 96, 192):
        for replicas, machines, per_second in ((1, 24, 20), (1, 24, 100), (2, 48, 100)):
            latencies, busy = simulate(shards, replicas, machines, per_second, passages, chosen)
            cost = busy * machines * CORES * 1000 / per_second
            row = (shards, passages * PASSAGE_BYTES / shards / 1e9, 1 + replicas, machines, per_second)
            shown = "{:6}  {:7.1f}  {:6}  {:8}  {:10}".format(*row)
            print(f"{shown}  {busy:4.0%}  {percentile(latencies, 0.5):9.0f}  {percentile(latencies, 0.99):6.0f}  {cost:12.0f}")


main()
