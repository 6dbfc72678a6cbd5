import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Payable } from './bill-desk.ts'
import type { PayMethod, QuoteReason } from './provider.ts'

/**
 * Which channel takes what the payer pays, of those that can: asked of whoever keeps the hospital's channels and rules.
 * Null where it keeps none, and so leaves the choice to the payer. Errors: throws when no channel can take the payment,
 * or the one that the payer named cannot.
 */
export type ChooseChannel = (
  hospitalId: HospitalId,
  wish: ChannelWish,
) => Promise<ChannelChoice | null>

export type ChannelWish = {
  paymentId: Id<'Payment'>
  personId: Id<'Person'>
  /** What the payer pays after all sources. */
  amountFen: Fen
  department: string
  scene: Payable['kind']
  /** What the payer named; null to be told. */
  channel: string | null
  method: PayMethod | null
  /** What is where the payer is; null when that is not known. */
  devices: readonly string[] | null
}

/** The ways to pay that are open, the best first; and why the others are not. Kept with the payment. */
export type ChannelChoice = {
  channel: string
  method: PayMethod
  offered: {
    channel: string
    title: Title
    method: PayMethod
    reasons: QuoteReason[]
  }[]
  notOffered: { channel: string; title: Title; reason: QuoteReason }[]
}

type Title = { zh: string; en: string }
