import { useSyncExternalStore } from 'react'

// One live region for the whole console: what changed without being looked at is read out from there.

let sentence = ''
const listeners = new Set<() => void>()

export function announce(text: string): void {
  // A sentence said twice is heard twice only if it differs.
  sentence = sentence === text ? `${text}\u00A0` : text
  for (const listener of listeners) listener()
}

export const useAnnouncement = (): string => useSyncExternalStore(subscribe, () => sentence)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
