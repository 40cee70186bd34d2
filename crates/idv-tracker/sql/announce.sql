select pg_notify('idv_tracker', '')::text as told
