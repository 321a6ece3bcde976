-- A wrk script: sends the queries of a file, one per line, as search requests with snippets, and prints a summary.

local requests = {}
local next_request = 0

local function url_encode(text)
  return (text:gsub("[^%w]", function(byte) return string.format("%%%02X", byte:byte()) end))
end

function setup(thread)
  number = (number or 0) + 1
  thread:set("number", number)
end

function init(args)
  local rate, connections = tonumber(args[2]), tonumber(args[3])
  if rate > 0 then
    -- Hook of wrk: milliseconds that a connection waits after an answer. Without it, wrk sends the next request at
    -- once.
    function delay() return connections / rate * 1000 end
  end
  for query in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", "/search?limit=10&q=" .. url_encode(query))
  end
  next_request = number * 7 -- Threads begin at different queries.
end

function request()
  next_request = next_request + 1
  return requests[next_request % #requests + 1]
end

function done(summary, latency)
  local seconds, errors = summary.duration / 1e6, summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  print(string.format("requests %d in %.0f s", summary.requests, seconds))
  print(string.format("throughput %.0f requests/s", summary.requests / seconds))
  print(string.format("p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
  print(string.format("error status %d, no answer %d", errors.status, failed))
end
