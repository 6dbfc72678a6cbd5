import type { HospitalId, Id } from '../../kernel/id.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { benefitErrors } from './errors.ts'
import {
  endNeedRow,
  insertNeed,
  isInNeed,
  lockNeed,
  needByDocument,
  type NeedFilter,
  needsOf,
  needsOfHospital,
} from './need-store.ts'
import type { NeedKind } from './need.ts'
import type { PersonId } from './programme.ts'
import type { NeedRow } from './tables.ts'

export type Need = NeedRow

/** One list or paper, and whom it names. */
export type NeedList = {
  hospitalId: HospitalId
  foundBy: 'civil_affairs' | 'hospital'
  document: string
  validFrom: BusinessDate
  validUntil: BusinessDate
  people: readonly { personId: PersonId; kind: NeedKind }[]
}

const MOST_DAYS = 1_096

/** The register of people in need: what rules about need, and loans without a down payment, go by. */
export const createNeeds = (deps: BenefitsDependencies) => ({
  enter: (list: NeedList, actor: Actor): Promise<NeedRow[]> => enter(deps, list, actor),
  end: (wish: EndNeed, actor: Actor): Promise<NeedRow> => end(deps, wish, actor),
  /** By which papers that a hospital entered, newest first: what others entered is theirs to show. */
  ofPerson: (hospitalId: HospitalId, personId: PersonId): Promise<NeedRow[]> =>
    needsOf(deps.db, { hospitalId, personId }),
  /** What a hospital entered, newest first; `onlyCurrent`: by whom somebody is in need today. */
  list: (
    hospitalId: HospitalId,
    { onlyCurrent, ...filter }: Omit<NeedFilter, 'on'> & { onlyCurrent: boolean },
  ): Promise<NeedRow[]> => {
    const on = onlyCurrent ? businessDateOf(deps.clock.now()) : undefined
    return needsOfHospital(deps.db, hospitalId, { ...filter, on })
  },
})

/** Whether the register has the person on this day; a function by itself, as this module's own rules go by it. */
export const isNeedRegistered = (
  db: Db,
  personId: PersonId,
  today: BusinessDate,
): Promise<boolean> => isInNeed(db, personId, today)

type EndNeed = {
  hospitalId: HospitalId
  personId: PersonId
  id: Id<'Need'>
  reason: string
}

/**
 * Enters whom a list names, each once; told again the same, nothing changes. Errors: need_period_wrong for a period that
 * ends before it begins, is over, or is longer than three years; need_differs for somebody whom the same paper named for
 * another period or reason: nobody of the list is entered then.
 */
const enter = (deps: BenefitsDependencies, list: NeedList, actor: Actor): Promise<NeedRow[]> =>
  inHospital(deps.db, list.hospitalId, async (tx) => {
    const { validFrom, validUntil } = list
    const today = businessDateOf(deps.clock.now())
    const last = addDays(validFrom, MOST_DAYS)
    if (validUntil < validFrom || validUntil < today || validUntil > last) {
      throw benefitErrors.need_period_wrong({ most: MOST_DAYS })
    }
    const rows: NeedRow[] = []
    for (const person of list.people) rows.push(await enterOne(deps, tx, list, person, actor))
    await deps.audit(tx, list.hospitalId, actor, {
      action: 'benefits.enter_need',
      subject: `need:${list.document}`,
      detail: { people: list.people.length, foundBy: list.foundBy, validUntil },
    })
    return rows
  })

async function enterOne(
  { clock, newId }: BenefitsDependencies,
  tx: Tx,
  { hospitalId, foundBy, document, validFrom, validUntil }: NeedList,
  { personId, kind }: NeedList['people'][number],
  actor: Actor,
): Promise<NeedRow> {
  const row: NeedRow = {
    person_id: personId,
    id: newId<'Need'>(),
    kind,
    found_by: foundBy,
    document,
    valid_from: validFrom,
    valid_until: validUntil,
    care_hospital_id: hospitalId,
    entered_by: actor.name,
    entered_at: clock.now(),
    ended_by: null,
    ended_at: null,
    end_reason: null,
  }
  if (await insertNeed(tx, row)) return row
  const known = await needByDocument(tx, row)
  const isSame =
    known?.kind === kind && known.valid_from === validFrom && known.valid_until === validUntil
  if (!known || !isSame) throw benefitErrors.need_differs({ document })
  return known
}

/**
 * The person is not in need any more, or never was. What was granted while they were stands. Only a hospital that entered
 * it ends it. Errors: need_not_found, need_over.
 */
const end = (
  deps: BenefitsDependencies,
  { hospitalId, personId, id, reason }: EndNeed,
  actor: Actor,
): Promise<NeedRow> =>
  inHospital(deps.db, hospitalId, async (tx) => {
    const row = await lockNeed(tx, { personId, id })
    if (row?.care_hospital_id !== hospitalId) throw benefitErrors.need_not_found({ id })
    if (row.ended_at !== null) throw benefitErrors.need_over({ id })
    const ended = { ended_by: actor.name, ended_at: deps.clock.now(), end_reason: reason }
    await endNeedRow(tx, row, ended)
    await deps.audit(tx, hospitalId, actor, {
      action: 'benefits.end_need',
      subject: `person:${personId}`,
      detail: { document: row.document },
    })
    return { ...row, ...ended }
  })
