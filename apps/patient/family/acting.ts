import { useSyncExternalStore } from 'react'

/** A member of the family for whom one acts in this tab, and what they are called. */
export type Acting = { memberId: string; name: string }

const KEY = 'yiqiao.patient.acting-for'
const listeners = new Set<() => void>()

/** For whom this tab acts now; null for oneself. */
export function actingNow(): Acting | null {
  const kept = sessionStorage.getItem(KEY)
  if (kept !== read.text) read = { text: kept, acting: parsed(kept) }
  return read.acting
}

// The same object for the same text, as React asks for it again and again.
let read: { text: string | null; acting: Acting | null } = { text: null, acting: null }

function parsed(text: string | null): Acting | null {
  if (text === null) return null
  const { memberId, name } = JSON.parse(text) as Partial<Acting>
  return memberId && name ? { memberId, name } : null
}

/** Null: oneself again. */
export function actFor(acting: Acting | null): void {
  if (acting) sessionStorage.setItem(KEY, JSON.stringify(acting))
  else sessionStorage.removeItem(KEY)
  for (const listener of listeners) listener()
}

export const useActing = (): Acting | null =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, actingNow)

/** The header by which the hub knows for whom is asked; the contract says of which routes. */
export const actingHeader = (path: string): Record<string, string> => {
  const acting = actingNow()
  return acting && FOR_MEMBERS.has(path) ? { 'x-yiqiao-acting-for': acting.memberId } : {}
}

const OF = '/v1/hospitals/{hospitalId}'

/** What may be asked for a member; a test holds it against the contract. All else is one's own, also while one acts. */
export const FOR_MEMBERS: ReadonlySet<string> = new Set([
  `${OF}/bills`,
  `${OF}/booking/holds`,
  `${OF}/booking/proof-tasks`,
  `${OF}/booking/sessions`,
  `${OF}/booking/sessions/{id}`,
  `${OF}/booking/sessions/{id}/slots`,
  `${OF}/booking/waiting`,
  `${OF}/booking/waiting/{id}/leaving`,
  `${OF}/catalogue/bills/{billNo}/explanation`,
  `${OF}/my-appointments`,
  `${OF}/my-appointments/{id}`,
  `${OF}/my-appointments/{id}/booking`,
  `${OF}/my-appointments/{id}/cancellation`,
  `${OF}/my-appointments/{id}/money-back`,
  `${OF}/my-appointments/{id}/move`,
  `${OF}/my-booking-messages`,
  `${OF}/my-queue`,
  `${OF}/my-queue/check-ins`,
  `${OF}/my-queue/events`,
  `${OF}/payments`,
  `${OF}/payments/{id}`,
  `${OF}/payments/{id}/cancellation`,
  `${OF}/payments/{id}/confirmation`,
  `${OF}/payments/{id}/explanation`,
  `${OF}/payments/{id}/proof`,
  `${OF}/payments/{id}/proof-link`,
])

/** The pages that show what is the member's; every other one is one's own. */
export const isForMember = (pathname: string): boolean =>
  /^\/(|book(\/.*)?|appointments|queue|explain\/.*|hospitals\/.*|pay\/.*|payments(\/.*)?)$/.test(
    pathname,
  )
