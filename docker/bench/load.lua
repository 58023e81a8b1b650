-- Load for `wrk`, and its figures as one line of JSON at the end of its output.
-- Arguments behind `--`: requests a second over all connections (0: as many as are answered), connections.
wrk.headers["User-Agent"] = "upfault-bench/1"
wrk.headers["Accept"] = "text/html,application/xhtml+xml"
wrk.headers["Cookie"] = "session=0123456789abcdef0123456789abcdef"

function init(args)
  local per_second, connections = tonumber(args[1]), tonumber(args[2])
  if per_second > 0 then
    local pause_ms = 1000 * connections / per_second
    -- Drawn, so that connections do not send all at the same time; from half to one and a half of the pause.
    function delay()
      return pause_ms * (0.5 + math.random())
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"durationUs":%d,"failed":%d,"p50Us":%d,"p95Us":%d,"p99Us":%d}\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
