insert into quota (provider, tokens, at, paused_until) values ($1, 0, 0, $2)
on conflict (provider) do update set paused_until = excluded.paused_until where quota.paused_until < excluded.paused_until
