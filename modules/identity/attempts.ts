import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import { identityErrors } from './errors.ts'
import { deleteAttempts, lockAttempts, updateAttempts } from './store-sign-in.ts'
import type { App } from './tables.ts'
import { nextAttempt } from './throttle.ts'

/** Passwords that are tried, by login name: after some that fail each further one has to wait. */
export function createAttempts({ db, clock }: { db: Db; clock: Clock }) {
  return {
    countAttempt,
    forgetAttempts: (app: App, loginIndex: string) => deleteAttempts(db, app, loginIndex),
  }

  /** Counts a try before it is made. Errors: throws identity.too_many_attempts with the seconds to wait. */
  async function countAttempt(app: App, loginIndex: string): Promise<void> {
    const now = clock.now()
    const next = await db.transaction().execute(async (tx) => {
      const attempt = nextAttempt(await lockAttempts(tx, app, loginIndex, now), now)
      if (attempt.allowed) await updateAttempts(tx, app, loginIndex, attempt.attempts)
      return attempt
    })
    if (next.allowed) return
    const retryAfterSeconds = Math.ceil((next.until.getTime() - now.getTime()) / SECOND_MS)
    throw identityErrors.too_many_attempts({ retryAfterSeconds })
  }
}
