import { createHash } from 'node:crypto'

import { addFen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type {
  Move,
  ProviderCall,
  StatementAnswer,
  StatementLine,
  StatementRequest,
} from '../payments/index.ts'
import { type Dependencies, msgidsOf } from './claim-work.ts'
import type { Settlement } from './claim.ts'
import {
  type Clearing,
  differsInSignOnly,
  groupsOf,
  isAbout,
  type OwnRow,
  sameClearing,
  toOwnRow,
  totalsOf,
  unsigned,
} from './comparison.ts'
import type {
  CentreAnswer,
  CentreCall,
  DifferenceFile,
  DifferenceRow,
  InsuranceCentre,
  UnreadableFile,
} from './insurance-centre.ts'
import { settlementsByMsgid } from './settlement-store.ts'

/**
 * Has the centre compare a closed day: totals for each insurance and kind of clearing (3201), and where
 * those do not agree, the settlements one by one (9101, 3202, 9102).
 *
 * A centre that will not compare yet is 'not_ready'. A result file that cannot be read is refused whole.
 */
export const createStatement =
  (deps: Dependencies) =>
  async (call: ProviderCall, request: StatementRequest): Promise<StatementAnswer> => {
    const centre = await deps.centreOf(call.hospitalId)
    if (!centre) return unknown('the hospital has no insurance centre')
    const nextMsgid = msgidsOf(deps.db, deps.clock, call.hospitalId, centre)
    const nextCall = async () => ({
      msgid: await nextMsgid(),
      insuredRegion: null,
      trace: call.trace,
      signal: null,
    })
    const { rows, unproven } = await ownRows(deps, request, centre.admdvs)
    return compareDay({ centre, nextCall, date: request.businessDate, rows }, unproven)
  }

async function compareDay(day: Day, unproven: readonly Move[]): Promise<StatementAnswer> {
  const totals = await compareTotals(day)
  if ('outcome' in totals) return totals
  const texts = totals.texts
  const found: Differences = {
    theirsOnly: [],
    oursOnly: unproven.map(({ kind, ourNo }) => ({ kind, ourNo })),
    amountDiffers: [],
  }
  for (const clearing of totals.unbalanced) {
    const file = await compareOneByOne(day, clearing)
    if (file.outcome === 'unreadable') {
      return { outcome: 'refused', code: file.code, reason: file.reason }
    }
    if (file.outcome !== 'ok') return stopFor(file)
    texts.push(file.data.text)
    for (const row of file.data.rows) {
      const stop = await addDifference(day, row, found)
      if (stop) return stop
    }
  }
  const differing = found.oursOnly.length - unproven.length + found.amountDiffers.length
  const content = texts.join('\n')
  return {
    outcome: 'compared',
    agreed: day.rows.length - differing,
    ...found,
    content,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
}

/** 3201 for each group: what the centre said, and the clearings in which something differs. */
async function compareTotals(
  day: Day,
): Promise<StatementAnswer | { texts: string[]; unbalanced: Clearing[] }> {
  const texts: string[] = []
  const unbalanced: Clearing[] = []
  for (const group of groupsOf(day.rows, day.centre.admdvs)) {
    const { insutype, clrType, setlOptins } = group
    const answer = await day.centre.compareTotals(await day.nextCall(), {
      ...totalsOf(day.date, group, group.rows),
      insutype,
    })
    if (answer.outcome !== 'ok') return stopFor(answer)
    const { result, text } = answer.data
    texts.push([insutype, clrType, setlOptins, result, text].join('\t'))
    if (result !== 'agrees' && !unbalanced.some((known) => sameClearing(known, group))) {
      unbalanced.push({ clrType, setlOptins })
    }
  }
  return { texts, unbalanced }
}

/** 9101, 3202 and 9102 for all settlements of one clearing, whatever their insurance. */
async function compareOneByOne(
  { centre, nextCall, date, rows }: Day,
  clearing: Clearing,
): Promise<CentreAnswer<DifferenceFile> | UnreadableFile> {
  const own = rows.filter((row) => sameClearing(row.clearing, clearing))
  const filename = `settlements-${date}-${clearing.clrType}-${clearing.setlOptins}.zip`
  const sent = await centre.uploadFile(await nextCall(), { filename, rows: own })
  if (sent.outcome !== 'ok') return sent
  const { fileQueryNo } = sent.data
  const group = { ...totalsOf(date, clearing, own), fileQueryNo }
  const compared = await centre.compareDetails(await nextCall(), group)
  if (compared.outcome !== 'ok') return compared
  return centre.downloadFile(await nextCall(), compared.data)
}

async function addDifference(
  day: Day,
  row: DifferenceRow,
  found: Differences,
): Promise<StatementAnswer | null> {
  if (row.result === 'agrees') return null
  if (row.result === 'theirs_only') {
    const line = await lineOf(day, row)
    if (line) found.theirsOnly.push(line)
    return line ? null : amountUnknown(row)
  }
  const own = day.rows.find((candidate) => isAbout(row, candidate))
  if (!own) {
    return { outcome: 'refused', code: 'layout', reason: `${row.setlId} is not of our list` }
  }
  const { kind, ourNo } = own.move
  if (row.result === 'ours_only') {
    found.oursOnly.push({ kind, ourNo })
    return null
  }
  if (differsInSignOnly(own, row.theirs)) return null
  const line = await lineOf(day, row)
  if (line) found.amountDiffers.push({ kind, ourNo, theirsFen: line.amountFen })
  return line ? null : amountUnknown(row)
}

/** What the centre has, from its file or, where that carries no amounts, by asking (5203). */
async function lineOf(day: Day, row: DifferenceRow): Promise<StatementLine | null> {
  const { psnNo, mdtrtId, setlId } = row
  const line = {
    kind: row.isReturn ? ('return' as const) : ('charge' as const),
    ourNo: row.msgid === '' ? setlId : row.msgid,
    providerNo: setlId,
  }
  if (row.theirs) {
    const { fundFen, accountFen } = row.theirs
    return { ...line, amountFen: unsigned(addFen(fundFen, accountFen)), at: null }
  }
  const known = await day.centre.querySettlement(await day.nextCall(), { psnNo, mdtrtId, setlId })
  if (known.outcome !== 'ok' || known.data === null) return null
  const { figures, at } = known.data
  return { ...line, amountFen: addFen(figures.fundFen, figures.accountFen), at }
}

/**
 * The moves of the books with the settlement each of them comes from. `unproven`: moves for which there
 * is none, so that nothing but our books speaks for them.
 */
async function ownRows(
  { db }: Dependencies,
  { hospitalId, ownMoves }: StatementRequest,
  admdvs: string,
): Promise<{ rows: OwnRow[]; unproven: Move[] }> {
  const byMsgid = new Map<string, Settlement>()
  for (let from = 0; from < ownMoves.length; from += CHUNK) {
    const msgids = ownMoves.slice(from, from + CHUNK).map((move) => move.ourNo)
    const settlements = await inHospital(db, hospitalId, (tx) =>
      settlementsByMsgid(tx, hospitalId, msgids),
    )
    for (const settlement of settlements) byMsgid.set(settlement.msgid, settlement)
  }
  const rows: OwnRow[] = []
  const unproven: Move[] = []
  for (const move of ownMoves) {
    const settlement = byMsgid.get(move.ourNo)
    if (settlement) rows.push(toOwnRow(move, settlement, admdvs))
    else unproven.push(move)
  }
  return { rows, unproven }
}

const CHUNK = 2_000

const stopFor = (
  answer: { outcome: 'refused'; message: string } | { outcome: 'unknown'; reason: string },
): StatementAnswer =>
  answer.outcome === 'refused' ? { outcome: 'not_ready', reason: answer.message } : answer

const amountUnknown = (row: DifferenceRow) =>
  unknown(`the centre does not say the amount of ${row.setlId}`)

const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

type Day = {
  centre: InsuranceCentre
  nextCall: () => Promise<CentreCall>
  date: BusinessDate
  rows: readonly OwnRow[]
}
type Differences = Pick<
  Extract<StatementAnswer, { outcome: 'compared' }>,
  'theirsOnly' | 'oursOnly' | 'amountDiffers'
>
