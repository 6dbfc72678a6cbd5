import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { actorOf } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import { loginIndexOf } from './login-name.ts'
import { hashPassword, needsRehash, verifyPassword } from './password.ts'
import { createSessions, type NewSession, staffPrincipal } from './sessions.ts'
import {
  type CredentialRow,
  deleteAttempts,
  findCredential,
  findStaff,
  lockAttempts,
  type StaffRow,
  updateAttempts,
  updatePasswordHash,
} from './store-sign-in.ts'
import type { App } from './tables.ts'
import { nextAttempt } from './throttle.ts'

export function createSignIn({ db, clock, random, newId, seal }: Dependencies) {
  const audit = createAudit({ clock, newId })
  const { begin, logout, authenticateToken } = createSessions({ db, clock, random })
  return { login, logout, authenticateToken }

  /**
   * Begins a session. The same answer, after the same time, for a wrong password and for a login name that
   * nobody has. Errors: throws identity.login_failed, and identity.too_many_attempts with the seconds to
   * wait, for names that nobody has too.
   */
  async function login(asked: Login): Promise<NewSession> {
    const loginIndex = loginIndexOf(seal, asked.app, asked.login)
    await countAttempt(asked.app, loginIndex)
    const credential = await findCredential(db, asked.app, loginIndex)
    const isRight = await verifyPassword(credential?.password_hash ?? null, asked.password)
    if (!credential || !isRight) throw identityErrors.login_failed()
    const staff = credential.staff_id && (await findStaff(db, credential.staff_id))
    if (staff && staff.status !== 'active') throw identityErrors.login_failed()

    if (needsRehash(credential.password_hash)) {
      const passwordHash = await hashPassword(random, asked.password)
      await updatePasswordHash(db, credential, passwordHash, clock.now())
    }
    await deleteAttempts(db, asked.app, loginIndex)
    if (staff) return beginForStaff(credential, staff)
    return db.transaction().execute((tx) => begin(tx, credential))
  }

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

  function beginForStaff(credential: CredentialRow, staff: StaffRow): Promise<NewSession> {
    const { hospital_id, staff_id } = staff
    return inHospital(db, hospital_id, async (tx) => {
      const actor = actorOf(staffPrincipal(staff), null)
      const fact = { action: 'identity.login', subject: `staff:${staff_id}` }
      await audit(tx, hospital_id, actor, fact)
      return begin(tx, credential)
    })
  }
}

export type Login = { app: App; login: string; password: string }

type Dependencies = { db: Db; clock: Clock; random: Random; newId: NewId; seal: Seal }
