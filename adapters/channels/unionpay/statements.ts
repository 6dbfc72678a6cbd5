import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'

import { addFen } from '../../../kernel/money.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  HOUR_MS,
  instantAt,
  MINUTE_MS,
} from '../../../kernel/time.ts'
import type {
  Move,
  ProviderCall,
  StatementAnswer,
  StatementRefusal,
  StatementRequest,
} from '../../../modules/payments/index.ts'
import { type Client, type ProvenAnswer, type Unknown, unknown } from './client.ts'
import { settlementDateOf, toDigits } from './moments.ts'
import type { AdapterDeps, UnionPayAccount } from './params.ts'
import { readSettlementFile, type SettlementLine, withoutCards } from './settlement-file.ts'
import { readZip } from './zip.ts'

const MAX_UNPACKED_BYTES = 256 * 1024 * 1024
/** So long after the file should be there, "there is none" is the last word, and no longer "not yet". */
const NO_LONGER_LATE_MS = 3 * HOUR_MS
const LOOK_AGAIN_MS = 30 * MINUTE_MS

/**
 * The statement of a business date, which is a day of the calendar, from UnionPay's files, which are of settlement
 * days: from 23:00 of the evening before to 23:00. So it takes two of them, the second of which appears only the morning
 * after next, and of each the rows that fall on the day.
 */
export function createStatements(account: UnionPayAccount, client: Client, { clock }: AdapterDeps) {
  return { statement }

  async function statement(
    call: ProviderCall,
    { businessDate, ownMoves }: StatementRequest,
  ): Promise<StatementAnswer> {
    const nextDate = addDays(businessDate, 1)
    const readyAt = instantAt(addDays(nextDate, 1), account.fileReadyFrom)
    if (clock.now() < readyAt) {
      const reason = `the evening of the day is in the file of ${nextDate}, from ${account.fileReadyFrom} of the day after it`
      return { outcome: 'not_ready', reason, notBefore: readyAt }
    }
    const lines: SettlementLine[] = []
    const texts: string[] = []
    for (const settleDate of [businessDate, nextDate]) {
      const file = await fetchFile(call, settleDate)
      if (file.outcome === 'none') {
        if (!isBelieved(settleDate, ownMoves, readyAt)) {
          return { outcome: 'not_ready', reason: file.reason, ...lateUntil(readyAt) }
        }
        continue
      }
      if (file.outcome !== 'read') return file
      lines.push(...file.lines.filter((line) => dayOf(line, settleDate) === businessDate))
      texts.push(...file.texts)
    }
    const content = texts.join('')
    return {
      outcome: 'lines',
      lines,
      feeFen: addFen(...lines.map((line) => line.feeFen)),
      content,
      sha256: createHash('sha256').update(content).digest('hex'),
    }
  }

  /** It may be made a few hours late: until then it is looked for, and nobody is called. */
  function lateUntil(readyAt: Date): { notBefore?: Date } {
    const now = clock.now()
    if (now >= addMs(readyAt, NO_LONGER_LATE_MS)) return {}
    return { notBefore: addMs(now, LOOK_AGAIN_MS) }
  }

  /** A day without trade may have no file. Believed when our books have nothing for it, either, and it is late enough. */
  function isBelieved(settleDate: BusinessDate, ownMoves: readonly Move[], readyAt: Date): boolean {
    if (clock.now() < addMs(readyAt, NO_LONGER_LATE_MS)) return false
    return !ownMoves.some(
      (move) => settlementDateOf(move.at, account.settlementCutOff) === settleDate,
    )
  }

  function fetchFile(call: ProviderCall, settleDate: BusinessDate): Promise<File | Unknown> {
    const fields = {
      txnType: '76',
      txnSubType: '01',
      bizType: '000000',
      txnTime: toDigits(clock.now()),
      settleDate: settleDate.slice(5).replace('-', ''),
      fileType: '00',
    }
    return client.ask(call, 'file', fields, (answer) => readFileAnswer(account, answer, settleDate))
  }
}

/**
 * Each row is of exactly one business date, so that none is told twice or lost: of the evening before its settlement
 * date, or else of that date, even when UnionPay settled it later than by the clock.
 */
function dayOf({ at }: SettlementLine, settleDate: BusinessDate): BusinessDate {
  const eve = addDays(settleDate, -1)
  return businessDateOf(at) === eve ? eve : settleDate
}

function readFileAnswer(
  account: UnionPayAccount,
  { respCode, reason, fields }: ProvenAnswer,
  settleDate: BusinessDate,
): File | Unknown {
  if (respCode === '98') return { outcome: 'none', reason }
  if (respCode !== '00') return unknown(reason)
  const packed = Buffer.from(fields['fileContent'] ?? '', 'base64')
  const zip = inflate(packed)
  if (zip === null) return refused('truncated', 'the file cannot be inflated')
  const read = readZip(zip, MAX_UNPACKED_BYTES)
  if (read.outcome === 'refused') return read
  const files = read.entries.map(({ name, bytes }) => ({
    name: name.split('/').at(-1) ?? '',
    bytes,
  }))
  const wanted = `INN${settleDate.slice(2).replaceAll('-', '')}88ZM_${account.merId}`
  const [details, ...others] = files.filter(({ name }) => DETAILS.test(name))
  if (details === undefined || others.length > 0) {
    return refused('layout', 'the file holds not exactly one list of transactions')
  }
  // The year is in no question, only in this name.
  if (!details.name.startsWith(wanted))
    return refused('layout', `${details.name.slice(0, 64)} is not ${wanted}`)
  const list = readSettlementFile(details.bytes, { merId: account.merId, settleDate })
  if (list.outcome === 'refused') return list
  const texts = [`${details.name}\r\n${list.text}`]
  // Corrections (差错) come in a list of their own: no movements of ours, but evidence.
  for (const { name, bytes } of files.filter((file) => ERRORS.test(file.name))) {
    texts.push(`${name}\r\n${withoutCards(bytes) ?? ''}`)
  }
  return { outcome: 'read', lines: list.lines, texts }
}

const DETAILS = /^INN\d{6}88ZM_/
const ERRORS = /^INN\d{6}88ZME_/

/** Null for what is cut short or damaged: the packing carries a sum of its own. */
function inflate(packed: Buffer): Buffer | null {
  try {
    return inflateSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES })
  } catch {
    return null
  }
}

const refused = (code: StatementRefusal, reason: string): File => ({
  outcome: 'refused',
  code,
  reason,
})

type File =
  | { outcome: 'read'; lines: SettlementLine[]; texts: string[] }
  | { outcome: 'none'; reason: string }
  | { outcome: 'refused'; code: StatementRefusal; reason: string }
