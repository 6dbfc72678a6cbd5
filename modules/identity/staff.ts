import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import { createAudit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { type Actor, type Role, systemActor } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { identityErrors } from './errors.ts'
import { loginIndexOf } from './login-name.ts'
import { checkPassword, checkPasswordHash, hashPassword } from './password.ts'
import { ofStaff } from './sealed.ts'
import { insertCredentials } from './store-people.ts'
import { endSessionsOfStaff, findStaff, insertStaff, setStaffDisabled } from './store-sign-in.ts'
import type { StaffId } from './tables.ts'

export function createStaff({ db, clock, random, newId, seal }: Dependencies) {
  const audit = createAudit({ clock, newId })
  return { registerStaff, disableStaff, staffView }

  /** Errors: throws identity.login_taken, password_unacceptable. */
  async function registerStaff(staff: NewStaff, actor = SETUP): Promise<StaffId> {
    const { hospitalId, roles } = staff
    const password_hash = await hashFor(staff)
    const staffId = newId<'Staff'>()
    const now = clock.now()
    await inHospital(db, hospitalId, async (tx) => {
      await insertStaff(tx, {
        staff_id: staffId,
        hospital_id: hospitalId,
        name_sealed: seal.seal(ofStaff(staffId, hospitalId), staff.name),
        roles: [...roles],
        status: 'active',
        created_at: now,
      })
      const login_index = loginIndexOf(seal, 'console', staff.login)
      const credential = { app: 'console', login_index, password_hash, updated_at: now } as const
      await insertCredentials(tx, [{ ...credential, staff_id: staffId }])
      await audit(tx, hospitalId, actor, {
        action: 'identity.register_staff',
        subject: `staff:${staffId}`,
        detail: { roles: roles.join(' ') },
      })
    })
    return staffId
  }

  /** Ends every session of somebody who has left, and keeps them from signing in. Errors: throws identity.staff_not_found. */
  async function disableStaff(staffId: StaffId, actor = SETUP): Promise<void> {
    const { hospitalId } = await staffView(staffId)
    await inHospital(db, hospitalId, async (tx) => {
      await setStaffDisabled(tx, staffId)
      await endSessionsOfStaff(tx, staffId, clock.now())
      const subject = `staff:${staffId}`
      await audit(tx, hospitalId, actor, { action: 'identity.disable_staff', subject })
    })
  }

  /** Errors: throws identity.staff_not_found. */
  async function staffView(staffId: StaffId): Promise<StaffView> {
    const row = await findStaff(db, staffId)
    if (!row) throw identityErrors.staff_not_found({ staffId })
    const name = seal.open(ofStaff(staffId, row.hospital_id), row.name_sealed)
    return { staffId, name, hospitalId: row.hospital_id, roles: row.roles }
  }

  async function hashFor({ login, password, passwordHash }: NewStaff): Promise<string> {
    if (passwordHash !== undefined) {
      checkPasswordHash(passwordHash)
      return passwordHash
    }
    checkPassword(password ?? '', [login])
    return hashPassword(random, password ?? '')
  }
}

const SETUP: Actor = systemActor('identity')

export type NewStaff = {
  hospitalId: HospitalId
  name: string
  roles: readonly Role[]
  login: string
  password?: string
  /** In place of a password: its argon2id hash, made before. */
  passwordHash?: string
}

export type StaffView = { staffId: StaffId; name: string; hospitalId: HospitalId; roles: Role[] }

type Dependencies = { db: Db; clock: Clock; random: Random; newId: NewId; seal: Seal }
