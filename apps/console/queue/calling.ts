import type { Board } from './words.ts'

/** What is said aloud: plain words, no markup. */
export type CallSaid = { number: number; name: string; room: string; line: string }

/** Who is called in `now` and was not before; nobody where nothing was seen before, as that is no news. */
export function newCalls(before: Board | undefined, now: Board): CallSaid[] {
  if (!before) return []
  const known = new Set(
    before.places.filter(({ state }) => state === 'called').map(({ ticketId }) => ticketId),
  )
  return now.places.flatMap(({ ticketId, number, name, state, room }) =>
    state === 'called' && room !== null && !known.has(ticketId)
      ? [{ number, name, room, line: now.line.departmentName }]
      : [],
  )
}
