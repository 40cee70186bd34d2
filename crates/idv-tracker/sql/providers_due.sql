select distinct provider from verification where due_at <= $1 and provider is not null
