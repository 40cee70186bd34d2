select parked.observation_id as observation_id, max(correlation.verification_id) as verification_id
from parked join correlation on correlation.provider = parked.provider
    and correlation.name = parked.name and correlation.value = parked.value
group by parked.observation_id order by parked.observation_id limit $1
