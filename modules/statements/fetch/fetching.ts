import type { HospitalId } from '../../../kernel/id.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { type Actor, systemActor } from '../../../platform/principal.ts'
import type { SealedColumn } from '../../../platform/reseal.ts'
import type { Seal, SealPlace } from '../../../platform/seal.ts'
import { changeArrival, findSchedule } from '../arrival-store.ts'
import type { StatementFilesDependencies } from '../dependencies.ts'
import { statementErrors } from '../errors.ts'
import type { createTake } from '../intake/take.ts'
import { nextTryAt } from '../intake/timetable.ts'
import type { Fetching, Secrets, StatementFetcher } from './fetcher.ts'
import {
  claimTry,
  type FetchingRow,
  findFetching,
  type ListToFetch,
  listsToFetch,
  saveFetching,
} from './fetching-store.ts'

const ACTOR = systemActor('statements')
const MOST_REASON = 500

/** `secrets`: by name; those that are not named stay as they were, and null takes one away. */
export type FetchingWish = {
  adapter: string
  plan: object
  secrets: Readonly<Record<string, string | null>>
  isActive: boolean
}

/** Lists that are fetched from where they are: how, and the asking itself, until they are there. */
export function createFetching(
  dependencies: StatementFilesDependencies,
  take: ReturnType<typeof createTake>,
) {
  const { db, clock, onError } = dependencies
  return {
    fetchDue,
    /** Null where lists of the source are not fetched. */
    fetchingOf: (hospitalId: HospitalId, source: string) =>
      inHospital(db, hospitalId, async (tx) => {
        const row = await findFetching(tx, hospitalId, source)
        return row && viewOf(dependencies, row)
      }),
    /** Errors: throws statements.source_unknown, fetch_wrong. */
    fetchBy: (hospitalId: HospitalId, source: string, wish: FetchingWish, actor: Actor) =>
      inHospital(db, hospitalId, (tx) =>
        fetchBy(dependencies, tx, { hospitalId, source }, wish, actor),
      ),
  }

  /** Asks for every list that is due to be asked for; returns how many. What fails is asked for again. */
  async function fetchDue(hospitalId: HospitalId): Promise<number> {
    const failures: unknown[] = []
    const lists = await inHospital(db, hospitalId, (tx) =>
      listsToFetch(tx, hospitalId, clock.now()),
    )
    for (const list of lists) {
      await fetchOne(hospitalId, list).catch(async (error: unknown) => {
        await note(hospitalId, list, error instanceof Error ? error.message : String(error))
        const subject = `statement:${list.businessDate}:${list.source}`
        if (onError) onError(error, { hospitalId, subject })
        else failures.push(error)
      })
    }
    if (failures.length > 0) throw failures[0]
    return lists.length
  }

  /** Whoever dies in it leaves the next try to be made. */
  async function fetchOne(hospitalId: HospitalId, list: ListToFetch): Promise<void> {
    const { source, businessDate, account } = list
    const now = clock.now()
    const isOurs = await inHospital(db, hospitalId, (tx) =>
      claimTry(tx, hospitalId, list, { now, nextTryAt: nextTryAt(list, now) }),
    )
    const row = await inHospital(db, hospitalId, (tx) => findFetching(tx, hospitalId, source))
    if (!isOurs || !row) return
    const fetcher = fetcherOf(dependencies, row.adapter)
    const wanted = { hospitalId, source, businessDate, account }
    const answer = await fetcher.fetch(row.plan, openSecrets(dependencies, row), wanted)
    if (answer.outcome === 'not_yet') return note(hospitalId, list, answer.reason)
    const request = { hospitalId, source, businessDate, name: answer.name }
    await take({ ...request, way: 'fetched', actor: ACTOR }, answer.bytes)
  }

  function note(hospitalId: HospitalId, list: ListToFetch, reason: string): Promise<void> {
    const last_error = reason.slice(0, MOST_REASON)
    return inHospital(db, hospitalId, (tx) =>
      changeArrival(tx, { hospitalId, ...list }, { last_error }, clock.now()),
    )
  }
}

async function fetchBy(
  dependencies: StatementFilesDependencies,
  tx: Tx,
  { hospitalId, source }: { hospitalId: HospitalId; source: string },
  { adapter, plan, secrets: changed, isActive }: FetchingWish,
  actor: Actor,
): Promise<Fetching> {
  const { clock, audit } = dependencies
  if (!(await findSchedule(tx, hospitalId, source))) {
    throw statementErrors.source_unknown({ source })
  }
  const before = await findFetching(tx, hospitalId, source)
  const kept = before ? openSecrets(dependencies, before) : {}
  const secrets = changedSecrets(kept, changed)
  const names = Object.keys(secrets)
  const reason = fetcherOf(dependencies, adapter).problemOf(plan, names)
  if (reason !== null) throw statementErrors.fetch_wrong({ reason })
  const row = {
    hospital_id: hospitalId,
    source,
    adapter,
    plan,
    secrets_sealed: sealOf(dependencies).seal(placeOf(hospitalId, source), JSON.stringify(secrets)),
    is_active: isActive,
    changed_by: actor.name,
    changed_at: clock.now(),
  }
  await saveFetching(tx, row)
  await audit(tx, hospitalId, actor, {
    action: 'statements.fetch_by',
    subject: `statement_schedule:${source}`,
    detail: { adapter, isActive, secrets: Object.keys(changed).join(' ') },
  })
  return viewOf(dependencies, row)
}

function changedSecrets(kept: Secrets, changed: FetchingWish['secrets']): Secrets {
  const all = Object.entries({ ...kept, ...changed })
  return Object.fromEntries(
    all.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  )
}

function fetcherOf({ fetchers }: StatementFilesDependencies, adapter: string): StatementFetcher {
  const fetcher = fetchers?.get(adapter)
  if (!fetcher) throw statementErrors.fetch_wrong({ reason: `there is no adapter ${adapter}` })
  return fetcher
}

const viewOf = (dependencies: StatementFilesDependencies, row: FetchingRow): Fetching => ({
  source: row.source,
  adapter: row.adapter,
  plan: row.plan,
  secretNames: Object.keys(openSecrets(dependencies, row)).toSorted(),
  isActive: row.is_active,
})

const openSecrets = (
  dependencies: StatementFilesDependencies,
  { hospital_id, source, secrets_sealed }: FetchingRow,
): Secrets =>
  JSON.parse(sealOf(dependencies).open(placeOf(hospital_id, source), secrets_sealed)) as Secrets

function sealOf({ seal }: StatementFilesDependencies): Seal {
  if (!seal) throw statementErrors.fetch_wrong({ reason: 'secrets cannot be kept here' })
  return seal
}

// A key for each source: the secrets of one, put into the row of another, do not open there.
const placeOf = (hospitalId: HospitalId, source: string): SealPlace => ({
  purpose: `statements.fetch.${hospitalId}.${source}`,
  owner: hospitalId,
  row: source,
})

/** To be put under another key. */
export const sealedFetchings: SealedColumn = {
  table: 'statements.fetching',
  column: 'secrets_sealed',
  key: ['hospital_id', 'source'],
  rowsOf: 'hospitals',
  place: ({ hospital_id, source = '' }) => placeOf(Number(hospital_id) as HospitalId, source),
}
