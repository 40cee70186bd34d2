-- A start and a check of the API key's own organization, in turn.
local headers = { ["authorization"] = "Bearer " .. os.getenv("IDV_BENCH_KEY") }
local starts = true

request = function()
  starts = not starts
  return wrk.format(starts and "GET" or "POST", "/v1/organizations/verification", headers)
end
