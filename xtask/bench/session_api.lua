-- One start, then one check of the session just made, over and over.
local key = os.getenv("IDV_BENCH_KEY")
local applicant = '{"first_name":"Ada","last_name":"Sample","email":"ada@example.test","phone":"+15192223333",'
  .. '"external_id":"case-7","send_email_invite":false,"send_phone_invite":false}'
local id = nil

request = function()
  if id then
    local path = "/v1/sessions/" .. id
    id = nil
    return wrk.format("GET", path, { ["x-api-key"] = key })
  end
  return wrk.format("POST", "/v1/sessions", { ["x-api-key"] = key, ["content-type"] = "application/json" }, applicant)
end

response = function(_, _, body)
  id = string.match(body, '^{"id":"([^"]+)"')
end
