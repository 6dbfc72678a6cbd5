import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { type Audit, createAudit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import { type Actor, systemActor } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import { sealParams } from './connections.ts'
import { createDirectory, type Directory } from './directory.ts'
import { hospitalErrors } from './errors.ts'
import type { HospitalBilling } from './hospital-system.ts'
import type { ConnectionKind, Department, Hospital } from './hospital.ts'
import type { HisAnswer } from './interface/data.ts'
import { agreedDepartments, asAgreed } from './onboarding/agreed-departments.ts'
import {
  findHospital,
  listDepartments,
  listHospitals,
  replaceDepartments,
  upsertConnection,
  upsertHospital,
} from './store.ts'

export type Hospitals = ReturnType<typeof createHospitals>

export function createHospitals(dependencies: Dependencies) {
  const { db, clock, newId, systemOf } = dependencies
  const audit = createAudit({ clock, newId })
  /** The same for a book that is no hospital's, such as a lender's. */
  const saveBookConnection = connectionSaver(dependencies, audit)
  const sync = departmentSync(dependencies)
  const directory = createDirectory({
    ...dependencies,
    sync,
    isConnected: async (hospitalId) => (await systemOf(hospitalId)) !== null,
  })
  return {
    /** Every hospital there is, suspended ones too, by number. */
    list: (): Promise<Hospital[]> => listHospitals(db),
    get,
    mustExist: onceKnown(get),
    register,
    /** What the hospital's system listed when it was last asked. */
    async departments(hospitalId: HospitalId): Promise<Department[]> {
      await get(hospitalId)
      return inHospital(db, hospitalId, (tx) => listDepartments(tx, hospitalId))
    },
    /** The same, read again from the hospital when it is old. Errors: throws hospitals.hospital_not_found. */
    async directory(hospitalId: HospitalId): Promise<Directory> {
      await get(hospitalId)
      return directory.of(hospitalId)
    },
    /** Errors: throws hospitals.hospital_not_found, connection_missing, his_unavailable, his_refused. */
    async syncDepartments(hospitalId: HospitalId): Promise<Department[]> {
      await get(hospitalId)
      return sync(hospitalId)
    },
    saveConnection,
    saveBookConnection,
  }

  /** Errors: throws hospitals.hospital_not_found. */
  async function get(hospitalId: HospitalId): Promise<Hospital> {
    const hospital = await findHospital(db, hospitalId)
    if (!hospital) throw hospitalErrors.hospital_not_found({ hospitalId })
    return hospital
  }

  /** Adds a hospital, or changes what is known of it. */
  async function register(hospital: Hospital, actor = SETUP): Promise<void> {
    const fact = { action: 'hospitals.register', detail: { status: hospital.status } }
    await inHospital(db, hospital.id, async (tx) => {
      await upsertHospital(tx, hospital, clock.now())
      await audit(tx, hospital.id, actor, { ...fact, subject: subjectOf(hospital.id) })
    })
  }

  /** Connects the hospital by one adapter, in place of what it had; its parameters are kept sealed. */
  async function saveConnection(
    hospitalId: HospitalId,
    kind: ConnectionKind,
    adapter: string,
    params: unknown,
    { enabled = true, actor = SETUP }: { enabled?: boolean; actor?: Actor } = {},
  ): Promise<void> {
    await get(hospitalId)
    await saveBookConnection(hospitalId, kind, adapter, params, { enabled, actor })
  }
}

/**
 * Asks the hospital's system for its departments and takes its list over. Errors: throws hospitals.connection_missing,
 * his_unavailable, his_refused; what was listed before then stays.
 */
const departmentSync =
  ({ db, clock, newId, systemOf }: Dependencies) =>
  async (hospitalId: HospitalId): Promise<Department[]> => {
    const system = await systemOf(hospitalId)
    if (!system) throw hospitalErrors.connection_missing({ hospitalId, kind: 'his' })
    const exchanges: Exchange[] = []
    const answer = await system.departments({ trace: (exchange) => exchanges.push(exchange) })
    await inHospital(db, hospitalId, (tx) =>
      saveExchanges(tx, newId, hospitalId, subjectOf(hospitalId), exchanges),
    )
    const listed = dataOf(answer, hospitalId)
    return inHospital(db, hospitalId, async (tx) => {
      const agreed = asAgreed(listed, await agreedDepartments(tx, hospitalId))
      await replaceDepartments(tx, hospitalId, agreed, clock.now())
      return listDepartments(tx, hospitalId)
    })
  }

/** Connects a book by one adapter, in place of what it had; the parameters are kept sealed. */
const connectionSaver =
  ({ db, clock, seal }: Dependencies, audit: Audit) =>
  async (
    hospitalId: HospitalId,
    kind: ConnectionKind,
    adapter: string,
    params: unknown,
    { enabled = true, actor = SETUP }: { enabled?: boolean; actor?: Actor } = {},
  ): Promise<void> => {
    const params_sealed = sealParams(seal, hospitalId, kind, params)
    const updated_at = clock.now()
    const fact = { action: 'hospitals.save_connection', detail: { kind, adapter, enabled } }
    await inHospital(db, hospitalId, async (tx) => {
      const row = { hospital_id: hospitalId, kind, adapter, params_sealed, enabled, updated_at }
      await upsertConnection(tx, row)
      await audit(tx, hospitalId, actor, { ...fact, subject: subjectOf(hospitalId) })
    })
  }

/**
 * Cheap enough for every request: none is ever taken away again, so what was there once is not asked for any more.
 * Errors: throws hospitals.hospital_not_found.
 */
function onceKnown(get: (hospitalId: HospitalId) => Promise<Hospital>) {
  const known = new Set<HospitalId>()
  return async (hospitalId: HospitalId): Promise<void> => {
    if (known.has(hospitalId)) return
    await get(hospitalId)
    known.add(hospitalId)
  }
}

const subjectOf = (hospitalId: HospitalId) => `hospital:${hospitalId}`

const SETUP = systemActor('hospitals')

function dataOf<T>(answer: HisAnswer<T>, hospitalId: HospitalId): T {
  switch (answer.outcome) {
    case 'ok':
      return answer.data
    case 'refused':
      throw hospitalErrors.his_refused({ hospitalId, code: answer.code })
    case 'unknown':
      throw hospitalErrors.his_unavailable({ hospitalId })
  }
}

type Dependencies = {
  db: Db
  clock: Clock
  newId: NewId
  seal: Seal
  systemOf: (hospitalId: HospitalId) => Promise<HospitalBilling | null>
  pause?: (ms: number) => Promise<void>
}
