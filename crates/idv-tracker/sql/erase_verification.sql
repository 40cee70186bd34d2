update verification set phase = 'erased', reference = '', purpose = '', session = null, idempotency_key = null, exclusive = 0,
    state = null, status = null, due_at = null, waiting_for = null, valid_until = null, start_until = null,
    fence = fence + 1, leased = 0
where id = $1
