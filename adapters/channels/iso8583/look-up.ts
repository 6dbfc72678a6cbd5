import { type Fen, fen } from '../../../kernel/money.ts'
import { addDays, businessDateOf } from '../../../kernel/time.ts'
import { type Account, type BankPosDeps, type Call } from './account.ts'
import { bankDayOf } from './day-file.ts'
import type { Desk } from './desk.ts'
import { inquiryMessage } from './messages.ts'
import { momentOf } from './moment.ts'
import type { Message } from './packager/layout.ts'
import type { MessageKind } from './profiles/profile.ts'
import { numberFor } from './sign-in.ts'
import type { DayFiles } from './statements.ts'
import type { TraceRecord } from './trace-numbers.ts'
import { meaningOf } from './translation.ts'

/** What the bank says of an earlier message of ours. */
export type Found =
  | ({ outcome: 'approved' } & Approval)
  | { outcome: 'declined'; code: string; reason: string }
  | { outcome: 'reversed' }
  | { outcome: 'absent' }
  | { outcome: 'unknown'; reason: string }

export type Approval = {
  providerNo: string
  authorisation: string | null
  approvedFen: Fen
  approvedAt: Date
}

export type LookUp = (call: Call, about: TraceRecord) => Promise<Found>

/** In F44 of an answered inquiry: the original was taken back. */
const REVERSED = 'RV'

/** Asks the bank where it knows such a question; else looks into its files of the day, once they are there. */
export function createLookUp(
  account: Account,
  desk: Desk,
  dayFiles: DayFiles,
  deps: BankPosDeps,
): LookUp {
  const { inquiry } = account.profile
  return (call, about) =>
    inquiry === null ? inDayFiles(call, about) : inquire(call, inquiry, about)

  async function inquire(call: Call, kind: MessageKind, about: TraceRecord): Promise<Found> {
    const asked = await numberFor(account, deps, call, about.terminal)
    if (asked === null) return unknown('the terminal has no trace number left today')
    const { profile, merchant } = account
    const reply = await desk.ask(call, about.terminal, () =>
      inquiryMessage(profile, merchant, kind, asked, about),
    )
    if (reply.kind === 'busy') return unknown('the same is being asked')
    if (reply.kind !== 'answered') return unknown(reply.reason)
    if (reply.answerCode === '25') return { outcome: 'absent' }
    if (reply.answerCode !== '00') return unknown(`the inquiry was answered ${reply.answerCode}`)
    return originalOf(about, reply.message)
  }

  /** Near the end of a day the bank may have put it into the next one, so "none" is said by both files. */
  async function inDayFiles(call: Call, about: TraceRecord): Promise<Found> {
    // Before it was sent again, the bank had said that it has none.
    const at = about.approvedAt ?? about.sentAgainAt ?? about.at
    const first = bankDayOf(businessDateOf(at), at, account.params.dayFile.cutOver)
    for (const date of [first, addDays(first, 1)]) {
      const rows = await dayFiles.rowsOf(call, date)
      if (rows === null) return unknown(`the bank's file of ${date} is not there`)
      const row = rows.find(
        ({ terminal, batch, trace, kind }) =>
          terminal === about.terminal &&
          batch === about.batch &&
          trace === about.trace &&
          kind === about.kind,
      )
      if (row !== undefined) {
        const { providerNo, amountFen: approvedFen, at: approvedAt } = row
        const authorisation = about.authorisation
        return { outcome: 'approved', providerNo, authorisation, approvedFen, approvedAt }
      }
    }
    return { outcome: 'absent' }
  }
}

function originalOf(about: TraceRecord, answer: Message): Found {
  const said = answer.fields[44]?.slice(0, 2) ?? ''
  if (said === REVERSED) return { outcome: 'reversed' }
  const meaning = meaningOf(said)
  switch (meaning.outcome) {
    case 'approved':
      return approvalOf(about, answer, said)
    case 'declined':
      return { outcome: 'declined', code: meaning.code, reason: `F39 ${said}` }
    case 'keys_differ':
    case 'unknown':
      return unknown(`the original was answered ${said}`)
  }
}

/**
 * The bank's reference, moment and amount of an approved message. A partial approval must say its amount. An
 * approval without reference or moment is not one that can be booked.
 */
export function approvalOf(about: TraceRecord, answer: Message, answerCode: string): Found {
  const { 4: amount, 12: time, 13: date, 37: providerNo, 38: authorisation } = answer.fields
  const approvedAt = momentOf(date ?? '', time ?? '', about.at)
  const isPartial = answerCode === '10'
  if (approvedAt === null || !providerNo || (isPartial && amount === undefined)) {
    return unknown(`the approved answer ${answerCode} cannot be read`)
  }
  const approvedFen = amount === undefined ? about.amountFen : fen(Number(amount))
  if (approvedFen <= 0) return unknown('an amount of nothing was approved')
  return {
    outcome: 'approved',
    providerNo,
    authorisation: authorisation || null,
    approvedFen,
    approvedAt,
  }
}

const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const
