import { createHash } from 'node:crypto'

import { randomHex, type Random } from '../../kernel/random.ts'
import { addMs, type Clock, DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Principal } from '../../platform/principal.ts'
import {
  type CredentialRow,
  endSession,
  extendSession,
  findLiveSession,
  insertSession,
  type StaffRow,
} from './store-sign-in.ts'
import type { App } from './tables.ts'

// How long a session lives without being used, and at all.
const LIFE_OF = {
  patient: { idleMs: 30 * MINUTE_MS, wholeMs: 30 * DAY_MS },
  console: { idleMs: 30 * MINUTE_MS, wholeMs: 12 * HOUR_MS },
} as const

const EXTEND_AT_MOST_EVERY_MS = MINUTE_MS
const TOKEN_BYTES = 32

export function createSessions({ db, clock, random }: { db: Db; clock: Clock; random: Random }) {
  return { begin, renew, live, logout, authenticateToken }

  /** A new session, with a token that nobody has had before. */
  async function begin(tx: Tx, { app, person_id, staff_id }: CredentialRow): Promise<NewSession> {
    const token = randomHex(random, TOKEN_BYTES)
    const now = clock.now()
    const expiresAt = addMs(now, LIFE_OF[app].wholeMs)
    await insertSession(tx, {
      token_hash: hashOf(token),
      app,
      person_id,
      staff_id,
      created_at: now,
      proven_at: now,
      expires_at: expiresAt,
      idle_expires_at: addMs(now, LIFE_OF[app].idleMs),
      ended_at: null,
    })
    return { token, expiresAt }
  }

  /** The same session after its holder proved again who they are: under another token, and ending when it would have. */
  async function renew(tx: Tx, session: LiveSession): Promise<NewSession> {
    const token = randomHex(random, TOKEN_BYTES)
    const now = clock.now()
    const { token_hash, app, person_id, staff_id, expires_at } = session
    await endSession(tx, token_hash, now)
    await insertSession(tx, {
      token_hash: hashOf(token),
      app,
      person_id,
      staff_id,
      created_at: now,
      proven_at: now,
      expires_at,
      idle_expires_at: earlier(addMs(now, LIFE_OF[app].idleMs), expires_at),
      ended_at: null,
    })
    return { token, expiresAt: expires_at }
  }

  /** The session of a token; null for one that is nobody's, has ended or has run out. */
  async function live(token: string, app: App): Promise<LiveSession | null> {
    if (!/^[0-9a-f]{64}$/.test(token)) return null
    return findLiveSession(db, hashOf(token), app, clock.now())
  }

  /** Ends the session. Nothing happens to one that has ended, or that never was. */
  async function logout(token: string): Promise<void> {
    await endSession(db, hashOf(token), clock.now())
  }

  /** Whose session a token is; null when it is nobody's, has ended or has run out. */
  async function authenticateToken(token: string, app: App): Promise<Principal | null> {
    const session = await live(token, app)
    const principal = session && principalOfSession(session)
    if (!principal) return null
    const now = clock.now()
    const idleUntil = earlier(addMs(now, LIFE_OF[app].idleMs), session.expires_at)
    const gainedMs = idleUntil.getTime() - session.idle_expires_at.getTime()
    if (gainedMs >= EXTEND_AT_MOST_EVERY_MS) {
      await extendSession(db, session.token_hash, idleUntil)
    }
    return principal
  }
}

export const staffPrincipal = (
  staff: Pick<StaffRow, 'staff_id' | 'hospital_id' | 'roles'>,
): Principal => ({
  kind: 'staff',
  staffId: staff.staff_id,
  hospitalId: staff.hospital_id,
  roles: staff.roles,
})

export type LiveSession = NonNullable<Awaited<ReturnType<typeof findLiveSession>>>

// Roles are read with every request, so that what is taken from somebody is gone at once.
export function principalOfSession(session: LiveSession): Principal | null {
  const { person_id, staff_id, hospital_id, roles, status } = session
  if (person_id) return { kind: 'person', personId: person_id }
  if (!staff_id || !hospital_id || !roles || status !== 'active') return null
  return staffPrincipal({ staff_id, hospital_id, roles })
}

// Tokens are 256 random bits, so that a plain digest gives nothing away.
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const earlier = (a: Date, b: Date): Date => (a < b ? a : b)

export type NewSession = { token: string; expiresAt: Date }
