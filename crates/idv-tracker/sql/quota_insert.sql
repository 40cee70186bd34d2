insert into quota (provider, tokens, at) values ($1, $2, $3) on conflict (provider) do nothing
