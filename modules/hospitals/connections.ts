import type { HospitalId } from '../../kernel/id.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Seal, SealPlace } from '../../platform/seal.ts'
import { hospitalErrors } from './errors.ts'
import type { ConnectionKind } from './hospital.ts'
import { channelConnections, type ConnectionRow, findConnection } from './store.ts'

// How long a changed connection may go unnoticed by a process that uses it.
const RECHECK_MS = 5 * SECOND_MS

/**
 * Finds, for a hospital, the outside system of one kind as its connection says: which adapter, with which
 * parameters. Null for a hospital that has none, or whose connection is switched off.
 *
 * An adapter is made once and kept until its connection is saved anew. `makers` holds, by the adapter's
 * name, what makes one of the opened parameters, and may throw for parameters it cannot read.
 * Errors: throws hospitals.adapter_unknown for a name that `makers` does not have.
 */
export function createConnections<T>(dependencies: Dependencies<T> & { kind: ConnectionKind }) {
  const { db, clock, kind } = dependencies
  const made = new Map<HospitalId, { row: ConnectionRow; checkedAt: Date; system: T }>()
  return { of }

  async function of(hospitalId: HospitalId): Promise<T | null> {
    const now = clock.now()
    const known = made.get(hospitalId)
    if (known && isFresh(known.checkedAt, now)) return known.system

    const row = await inHospital(db, hospitalId, (tx) => findConnection(tx, hospitalId, kind))
    if (!row?.enabled) {
      made.delete(hospitalId)
      return null
    }
    const system = known && isSame(known.row, row) ? known.system : make(dependencies, row)
    made.set(hospitalId, { row, checkedAt: now, system })
    return system
  }
}

/**
 * The same for all channels of a hospital: by name, those that are switched on. One that cannot be made is left out and
 * told to `onError`: the others go on.
 */
export function createChannelConnections<T>(
  dependencies: Dependencies<T> & { onError?: OnConnectionError },
) {
  const { db, clock, onError } = dependencies
  type Made = { row: ConnectionRow; channel: T }
  const known = new Map<HospitalId, { checkedAt: Date; made: readonly Made[] }>()
  return { of }

  async function of(hospitalId: HospitalId): Promise<ReadonlyMap<string, T>> {
    const now = clock.now()
    const before = known.get(hospitalId)
    if (before && isFresh(before.checkedAt, now)) return byName(before.made)
    const rows = await inHospital(db, hospitalId, (tx) => channelConnections(tx, hospitalId))
    const made = rows.filter((row) => row.enabled).flatMap((row) => madeOf(row, before?.made ?? []))
    known.set(hospitalId, { checkedAt: now, made })
    return byName(made)
  }

  function madeOf(row: ConnectionRow, before: readonly Made[]): Made[] {
    const same = before.find((one) => one.row.kind === row.kind && isSame(one.row, row))
    if (same) return [same]
    try {
      return [{ row, channel: make(dependencies, row) }]
    } catch (error) {
      onError?.(error, { hospitalId: row.hospital_id, subject: `connection:${row.kind}` })
      return []
    }
  }

  function byName(made: readonly Made[]): ReadonlyMap<string, T> {
    return new Map(made.map(({ row, channel }) => [row.kind, channel]))
  }
}

export type OnConnectionError = (
  error: unknown,
  about: { hospitalId: HospitalId; subject: string },
) => void

function make<T>({ seal, makers }: Dependencies<T>, row: ConnectionRow): T {
  const { kind, adapter, hospital_id: hospitalId } = row
  const maker = Object.hasOwn(makers, adapter) ? makers[adapter] : undefined
  if (!maker) throw hospitalErrors.adapter_unknown({ kind, hospitalId, adapter })
  return maker(openParams(seal, row), { hospitalId, kind })
}

/** By which adapter the hospital is connected to one kind of system, switched off or not; null when it is not. */
export const connectedBy = (
  db: Db,
  hospitalId: HospitalId,
  kind: ConnectionKind,
): Promise<string | null> =>
  inHospital(
    db,
    hospitalId,
    async (tx) => (await findConnection(tx, hospitalId, kind))?.adapter ?? null,
  )

export function sealParams(
  seal: Seal,
  hospitalId: HospitalId,
  kind: ConnectionKind,
  params: unknown,
): string {
  return seal.seal(placeOf(hospitalId, kind), JSON.stringify(params))
}

const openParams = (seal: Seal, row: ConnectionRow): unknown =>
  JSON.parse(seal.open(placeOf(row.hospital_id, row.kind), row.params_sealed))

// A key for each connection: the parameters of one, put into the row of another, do not open there.
export const placeOf = (hospitalId: HospitalId, kind: ConnectionKind): SealPlace => ({
  purpose: `hospitals.connection.${kind}.${hospitalId}`,
  owner: hospitalId,
  row: kind,
})

// A clock that was set back must not keep an old connection for as long as it was set back by.
function isFresh(checkedAt: Date, now: Date): boolean {
  const ageMs = now.getTime() - checkedAt.getTime()
  return ageMs >= 0 && ageMs < RECHECK_MS
}

// The same parameters sealed again look different, so this also sees two savings at one instant.
const isSame = (a: ConnectionRow, b: ConnectionRow): boolean =>
  a.updated_at.getTime() === b.updated_at.getTime() && a.params_sealed === b.params_sealed

type Dependencies<T> = {
  db: Db
  clock: Clock
  seal: Seal
  makers: Readonly<Record<string, Maker<T>>>
}

/** Makes the adapter of opened parameters; may throw for those it cannot read. `kind` is the channel's name. */
type Maker<T> = (params: unknown, of: { hospitalId: HospitalId; kind: ConnectionKind }) => T
