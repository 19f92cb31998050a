-- SPDX-License-Identifier: Apache-2.0
-- One constant POST for wrk:  wrk ... -s request.lua URL -- BODYFILE [NAME VALUE]...
-- The line that is printed at the end is for t/bench/run.

function init(args)
   local file = assert(io.open(args[1], "rb"))
   wrk.method = "POST"
   wrk.body = file:read("*a")
   file:close()
   for i = 2, #args, 2 do
      wrk.headers[args[i]] = args[i + 1]
   end
end

function done(summary, latency, requests)
   local e = summary.errors
   print(string.format("requests=%d refused=%d broken=%d", summary.requests,
                       e.status, e.connect + e.read + e.write + e.timeout))
end
