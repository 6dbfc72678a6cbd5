import type { Channel, ProviderCall } from '../../../modules/payments/index.ts'
import { type BankPosDeps, toAccount } from './account.ts'
import type { Bank } from './bank.ts'
import { charge, query, release } from './charges.ts'
import { createDesk } from './desk.ts'
import { createLookUp } from './look-up.ts'
import type { BankPosParams } from './params.ts'
import { queryRefund, refund } from './returns.ts'
import { createSettlement, type SettlementAnswer } from './settlement.ts'
import { createDayFiles } from './statements.ts'

export type { BankPosDeps } from './account.ts'
export { folderDayFiles } from './day-folder.ts'
export type { KeyStore } from './keys.ts'
export { type BankPosParams, readBankPosParams } from './params.ts'
export type {
  BatchTotals,
  TakeRequest,
  TerminalKey,
  TerminalState,
  TraceChange,
  TraceKind,
  TraceNumbers,
  TraceOwner,
  TraceRecord,
  TraceState,
} from './trace-numbers.ts'

/** The channel, and beside it what a terminal's day needs: new keys in the morning, an end of the batch at night. */
export type BankPos = Channel & {
  /** Null when the terminal has new keys, else why not. */
  signIn(call: ProviderCall, terminal: string): Promise<string | null>
  settleBatch(call: ProviderCall, terminal: string): Promise<SettlementAnswer>
  /** Waits for the answers still to come and closes the line. Nothing can be asked afterwards. */
  stop(): Promise<void>
}

/**
 * A bank that takes cards over ISO 8583 on a TCP line, or over records of fixed columns. The line is opened by the
 * first question and kept; so there is one of these for each hospital and bank in a process, and it is stopped.
 *
 * Units: fen on the wire and in the files. `timeoutMs` is for one answer, counted from the sending. Card data and PIN
 * come in `presence.token` (card.ts), live for one call, and stand in no trace, log or table.
 * Errors: params come from readBankPosParams. A database that does not answer throws; a bank never does.
 * Source: the messages of UnionPay POS terminals as public terminals speak them; the bank's contract for the rest.
 */
export function createBankPos(params: BankPosParams, deps: BankPosDeps): BankPos {
  const account = toAccount(params, deps)
  const desk = createDesk(account, deps)
  const dayFiles = createDayFiles(account, deps)
  const lookUp = createLookUp(account, desk, dayFiles, deps)
  const bank: Bank = { account, desk, lookUp, deps }
  return {
    name: account.name,
    phase: 'payer',
    methods: params.methods,
    noticeReply: { status: 204, contentType: 'application/json', body: '' },
    charge: (call, order) => charge(bank, call, order),
    query: (call, order) => query(bank, call, order),
    release: (call, order) => release(bank, call, order),
    refund: (call, order) => refund(bank, call, order),
    queryRefund: (call, order) => queryRefund(bank, call, order),
    ...createSettlement(account, desk, deps),
    statement: (call, request) => dayFiles.statement(call, request),
    // The bank sends none: whatever comes is not from it.
    readNotice: () => ({ outcome: 'refused', code: 'unreadable' }),
    signIn: async (call, terminal) => {
      const keys = await desk.signIn(call, terminal)
      return keys.kind === 'ready' ? null : keys.reason
    },
    stop: () => desk.stop(),
  }
}
