import { addMs, type Clock, SECOND_MS } from '../../kernel/time.ts'

const FRESH_MS = 5 * SECOND_MS
const MOST_KEPT = 100_000

/**
 * What was read is believed for five seconds, by key: for what is asked with every step of a payment and changes once a
 * year. A failure is not kept.
 */
export function remembered<Key, Value>(
  clock: Clock,
  read: (key: Key) => Promise<Value>,
): (key: Key) => Promise<Value> {
  const known = new Map<Key, { value: Promise<Value>; until: Date }>()
  return (key) => {
    const now = clock.now()
    const before = known.get(key)
    if (before && now < before.until) return before.value
    if (known.size >= MOST_KEPT) known.clear()
    const value = read(key)
    known.set(key, { value, until: addMs(now, FRESH_MS) })
    value.catch(() => known.delete(key))
    return value
  }
}
