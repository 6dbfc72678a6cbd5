import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import { addMs, type Clock, MINUTE_MS } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { actorOf } from '../../platform/principal.ts'
import { createAttempts } from './attempts.ts'
import { identityErrors } from './errors.ts'
import { verifyPassword } from './password.ts'
import { createSessions, principalOfSession, type NewSession } from './sessions.ts'
import { findCredentialOf } from './store-sign-in.ts'
import type { App } from './tables.ts'

/** For so long a proof counts: an act of weight asks for one that is not older. */
const PROOF_COUNTS_MS = 5 * MINUTE_MS

/** Proving again who one is, within a session. */
export function createStepUp(dependencies: Dependencies) {
  const { db, clock } = dependencies
  const sessions = createSessions(dependencies)
  const attempts = createAttempts(dependencies)
  const audit = createAudit(dependencies)
  return { stepUp, checkProof }

  /**
   * Takes the password again and gives the session a new token that ends when the old one would have; the old one is
   * dead. Errors: throws identity.login_failed, and identity.too_many_attempts as signing in does.
   */
  async function stepUp({ token, app }: SessionToken, password: string): Promise<Proof> {
    const session = await sessions.live(token, app)
    const credential = session && (await findCredentialOf(db, session))
    if (!credential) throw identityErrors.login_failed()
    await attempts.countAttempt(app, credential.login_index)
    if (!(await verifyPassword(credential.password_hash, password))) {
      throw identityErrors.login_failed()
    }
    await attempts.forgetAttempts(app, credential.login_index)
    const principal = principalOfSession(session)
    if (!principal) throw identityErrors.login_failed()
    const renewed =
      principal.kind === 'staff'
        ? await inHospital(db, principal.hospitalId, async (tx) => {
            const subject = `staff:${principal.staffId}`
            const fact = { action: 'identity.step_up', subject }
            await audit(tx, principal.hospitalId, actorOf(principal, null), fact)
            return sessions.renew(tx, session)
          })
        : await db.transaction().execute((tx) => sessions.renew(tx, session))
    return { ...renewed, provenUntil: addMs(clock.now(), PROOF_COUNTS_MS) }
  }

  /** Errors: throws identity.step_up_required unless the session's last proof is of the last five minutes. */
  async function checkProof({ token, app }: SessionToken): Promise<void> {
    const session = await sessions.live(token, app)
    const since = addMs(clock.now(), -PROOF_COUNTS_MS)
    if (!session?.proven_at || session.proven_at < since) throw identityErrors.step_up_required()
  }
}

type SessionToken = { app: App; token: string }

export type Proof = NewSession & { provenUntil: Date }

type Dependencies = { db: Db; clock: Clock; random: Random; newId: NewId }
