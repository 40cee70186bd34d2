select observation.id as id, source, event_id, observed_at, facts,
    case when poll_observation = observation.id and poll_seen_at > seen_until then poll_seen_at else seen_until end as seen_until
from observation join verification on verification.id = verification_id
where verification_id = $1 order by observation.id
