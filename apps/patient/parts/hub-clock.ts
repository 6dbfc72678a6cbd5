import { useSyncExternalStore } from 'react'

import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { query } from '../api.ts'

/**
 * What time it is at the hub, in ms, moving on every few seconds; null until the hub has said it. Deadlines are
 * the hub's, and a phone's clock may be minutes off.
 */
export function useHubNow(): number | null {
  const { data, dataUpdatedAt } = query.useQuery('get', '/v1/health', {}, { staleTime: STALE_MS })
  const here = useSyncExternalStore(subscribe, readTick)
  return data ? here + (Date.parse(data.at) - dataUpdatedAt) : null
}

const STALE_MS = 10 * MINUTE_MS
const TICK_MS = 5 * SECOND_MS

// One reading for all that look at the same moment, as React wants it.
const readTick = () => Math.floor(Date.now() / TICK_MS) * TICK_MS

function subscribe(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS)
  return () => clearInterval(timer)
}
