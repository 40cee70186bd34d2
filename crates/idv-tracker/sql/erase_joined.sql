update verification set phase = 'erased', reference = '', purpose = '', idempotency_key = null, exclusive = 0
where joined_to = $1
