select delivery.target as target, delivery.attempts as attempts, delivery.last_error as last_error,
    transition.position as position, transition.verification_id as verification_id, transition.version as version,
    transition.at as at, transition.facts as facts
from delivery join transition on transition.position = delivery.position
where delivery.outcome = 'dead' order by delivery.position limit $1
