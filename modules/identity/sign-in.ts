import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { actorOf } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { createAttempts } from './attempts.ts'
import { identityErrors } from './errors.ts'
import { loginIndexOf } from './login-name.ts'
import { hashPassword, needsRehash, verifyPassword } from './password.ts'
import { createSessions, type NewSession, staffPrincipal } from './sessions.ts'
import {
  type CredentialRow,
  findCredential,
  findStaff,
  type StaffRow,
  updatePasswordHash,
} from './store-sign-in.ts'
import type { App } from './tables.ts'

export function createSignIn({ db, clock, random, newId, seal }: Dependencies) {
  const audit = createAudit({ clock, newId })
  const { begin, logout, authenticateToken } = createSessions({ db, clock, random })
  const { countAttempt, forgetAttempts } = createAttempts({ db, clock })
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
    await forgetAttempts(asked.app, loginIndex)
    if (staff) return beginForStaff(credential, staff)
    return db.transaction().execute((tx) => begin(tx, credential))
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
