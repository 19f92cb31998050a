-- SPDX-License-Identifier: Apache-2.0
-- POSTs for wrk:  wrk ... -s request.lua URL -- BODYFILE [NAME VALUE]...
-- Where a VALUE is "each", the file holds many requests by turns, a line each:
-- that field's value, a blank and the body.
-- The line that is printed at the end is for t/bench/run.

local requests, sent = {}, 0

function init(args)
   local each
   for i = 2, #args, 2 do
      wrk.headers[args[i]] = args[i + 1]
      if args[i + 1] == "each" then each = args[i] end
   end
   wrk.method = "POST"
   local file = assert(io.open(args[1], "rb"))
   if each then
      for line in file:lines() do
         local value, body = line:match("^(%S+) (.*)$")
         wrk.headers[each] = value
         requests[#requests + 1] = wrk.format(nil, nil, nil, body)
      end
      request = function()
         sent = sent % #requests + 1
         return requests[sent]
      end
   else
      wrk.body = file:read("*a")
   end
   file:close()
end

function done(summary, latency, requests)
   local e = summary.errors
   print(string.format("requests=%d refused=%d broken=%d", summary.requests,
                       e.status, e.connect + e.read + e.write + e.timeout))
end
