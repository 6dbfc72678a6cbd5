import { type Failure, readFailure } from './problem.ts'

/**
 * The Idempotency-Key of one wish, such as "confirm:<payment>". Made when it is first asked for and kept in
 * the browser's tab before anything is sent, so that a second press, a reload or a lost answer repeats the
 * same request and never makes a second one.
 */
export function idempotencyKeyOf(wish: string): string {
  const kept = sessionStorage.getItem(PREFIX + wish)
  if (kept) return kept
  const made = newKey()
  sessionStorage.setItem(PREFIX + wish, made)
  return made
}

/**
 * Sends a money request under its key. The key is given up only after a definite answer: a time-out or a fault
 * of the server leaves it, as the request may have been carried out.
 */
export async function underKey<T>(wish: string, send: (key: string) => Promise<T>): Promise<T> {
  try {
    const answer = await send(idempotencyKeyOf(wish))
    forgetKey(wish)
    return answer
  } catch (error) {
    const failure: Failure = readFailure(error)
    if (failure.isDefinite) forgetKey(wish)
    throw error
  }
}

const forgetKey = (wish: string): void => sessionStorage.removeItem(PREFIX + wish)

const PREFIX = 'yiqiao.key.'

// Not crypto.randomUUID, which is missing on pages that come without TLS.
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
