import type { Clock } from '../../../kernel/time.ts'
import type {
  Channel,
  ChargeOrder,
  PayerAction,
  PayMethod,
  RawNotice,
} from '../../payments/index.ts'

/**
 * A channel with somebody behind it who answers: a simulator in a test, a provider's sandbox in the console. The suite
 * of checks every channel must pass is written against this and knows no protocol. Each check has a fresh one.
 */
export type ChannelBench = {
  channel: Channel
  method: PayMethod
  clock: Clock
  /** An order as the hub would make it, under a number of its own. */
  newOrder(changes?: Partial<ChargeOrder>): ChargeOrder
  /** The payer pays: in the wallet, on the page, at the terminal. Null where only a person can do it. */
  pay: ((order: ChargeOrder, action: PayerAction | null) => Promise<void>) | null
  /** The notices that the provider has sent so far, as they came; null where it sends none. */
  notices: (() => Promise<readonly RawNotice[]>) | null
  /** Goes wrong with the next request; null where no trouble can be made. */
  trouble: ((kind: Trouble) => void) | null
  /** Lets the day end and the provider's statement of it appear; null where there is none, or it takes a real night. */
  endDay: (() => Promise<void>) | null
  /** What the provider's own books say of a charge; null where nobody can look. */
  books: ((order: ChargeOrder) => Promise<ProviderBooks>) | null
  close(): Promise<void>

  /**
   * Lets so much of the provider's time go by, and what comes due in it happen: a refund that arrives later, the pause
   * a provider wants between two refunds. Left out where the provider does all at once, or time cannot be moved.
   */
  pass?: (ms: number) => Promise<void>
  /** Genuine notices of the same provider to another merchant. */
  foreignNotices?: () => Promise<readonly RawNotice[]>
  /** What must never stand in a trace: keys, passwords, tokens. The payer's account and barcode are known from the order. */
  secrets?: readonly string[]
  /** The provider hears of a charge only when the payer acts, so that a query before finds none: Alipay's codes and pages. */
  isUnseenBeforePaying?: boolean
}

/** refuse: no connection. drop: it never arrives. lose_answer: it is done and the answer is lost. garble: the answer is no answer. */
export type Trouble = 'refuse' | 'drop' | 'lose_answer' | 'garble'

export type ProviderBooks = { takenFen: number; returnedFen: number }
