-- For wrk: asks for the paths of a file, one after the other, and tells what came of it as JSON.
-- wrk … -s cycle_paths.lua URL -- FILE

local paths = {}
local position = 0

function init(arguments)
   for line in io.lines(arguments[1]) do
      paths[#paths + 1] = line
   end
end

function request()
   position = position % #paths + 1
   return wrk.format("GET", paths[position])
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "seconds": %f, "p50_ms": %f, "p95_ms": %f, "bytes": %d, "failed": %d}\n',
      summary.requests, summary.duration / 1e6,
      latency:percentile(50) / 1000, latency:percentile(95) / 1000, summary.bytes,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
