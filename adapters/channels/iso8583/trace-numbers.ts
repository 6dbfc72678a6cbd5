import type { HospitalId } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'

/**
 * What must outlive the process at a bank that knows a transaction only by six digits of a terminal: which number
 * stands for which of ours, what became of it, and the working keys of the terminal. Shared by all processes of the
 * hub, so that one number is never sent twice.
 */
export interface TraceNumbers {
  terminal(key: TerminalKey): Promise<TerminalState>
  /**
   * Keeps what a sign-in brought. The version counts up; when another process has signed in meanwhile its keys are the
   * older ones, and are replaced all the same.
   */
  signedIn(
    key: TerminalKey,
    brought: { batch: string; workingKeys: string },
  ): Promise<TerminalState>
  /**
   * Gives a number to a transaction, or the one it has: `first` is true for exactly one caller. Null when all 999,999
   * of the terminal were used within a day.
   */
  take(request: TakeRequest): Promise<{ record: TraceRecord; first: boolean } | null>
  find(owner: TraceOwner): Promise<TraceRecord | null>
  /** Changes the record if its state is one of `from`, and gives it as it then stands. */
  move(owner: TraceOwner, from: readonly TraceState[], to: TraceChange): Promise<TraceRecord>
  /** All numbers that were taken or sent again on these days, both included. */
  usedBetween(
    at: { hospitalId: HospitalId; provider: string },
    from: BusinessDate,
    to: BusinessDate,
  ): Promise<TraceRecord[]>
  /** What the terminal did in a batch: approved amounts by kind. */
  batchTotals(key: TerminalKey, batch: string): Promise<BatchTotals>
}

export type TerminalKey = { hospitalId: HospitalId; provider: string; terminal: string }

export type TerminalState = {
  batch: string
  /** As the bank sent them, enciphered under the master key, as hex; null before the first sign-in. */
  workingKeys: string | null
  version: number
}

export type TraceOwner = {
  hospitalId: HospitalId
  provider: string
  /** Our number: of a charge, of a return, or of a question of ours. */
  ourNo: string
  kind: TraceKind
}

/** Only charge and return are about money. */
export type TraceKind = 'charge' | 'return' | 'question'

export type TakeRequest = TraceOwner & {
  terminal: string
  /** How it is done at the bank: 'sale', 'void', 'refund'. Kept from the first time. */
  operation: string
  amountFen: Fen
  at: Date
}

/**
 * open: sent, or about to be. approved and declined: by the bank's word. not_sent: surely never sent. reversing: a
 * reversal was sent, and nothing else can come of it any more. reversed: the bank took it back, or had none.
 */
export type TraceState = 'open' | 'approved' | 'declined' | 'not_sent' | 'reversing' | 'reversed'

export type TraceRecord = TakeRequest & {
  /** '000001' to '999999'. */
  trace: string
  batch: string
  state: TraceState
  /** Once approved: the bank's reference, its authorisation where it gives one, and its moment. */
  providerNo: string | null
  authorisation: string | null
  approvedFen: Fen | null
  approvedAt: Date | null
  /** Once declined. */
  code: string | null
  reason: string | null
  reversalTries: number
  /** When it was last sent again, which may be days after it was taken; null for never. */
  sentAgainAt: Date | null
}

export type TraceChange = { state: TraceState } & Partial<
  Pick<
    TraceRecord,
    | 'providerNo'
    | 'authorisation'
    | 'approvedFen'
    | 'approvedAt'
    | 'code'
    | 'reason'
    | 'reversalTries'
    | 'sentAgainAt'
  >
>

export type BatchTotals = {
  charges: { count: number; amountFen: Fen }
  returns: { count: number; amountFen: Fen }
}
