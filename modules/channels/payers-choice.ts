import type { ChannelChoice, ChannelWish, ChooseChannel } from '../payments/index.ts'
import type { Device } from './channel.ts'
import type { PayerFacts } from './choose.ts'
import type { ChannelsDependencies } from './dependencies.ts'
import type { ChoiceReason } from './reason.ts'
import type { Routing, Taken } from './routing.ts'

export const NOTHING_KNOWN: Omit<PayerFacts, 'devices'> = {
  preferred: null,
  lastUsed: null,
  attributes: {},
}

/** What payments asks for: the channel of one payment, with what the payer may be told of the others. */
export const createPayersChoice =
  (
    { payerFactsOf }: Pick<ChannelsDependencies, 'payerFactsOf'>,
    { take, isLeftToPayers }: Routing,
  ): ChooseChannel =>
  async (hospitalId, wish) => {
    if (await isLeftToPayers(hospitalId)) return null
    const facts = (await payerFactsOf?.(hospitalId, wish.personId)) ?? NOTHING_KNOWN
    const taken = await take(hospitalId, wishOf(wish, facts), wish.channel)
    return taken && choiceOf(taken)
  }

const wishOf = (
  { paymentId, amountFen, department, scene, method, devices }: ChannelWish,
  facts: Omit<PayerFacts, 'devices'>,
) => ({
  paymentId,
  amountFen,
  department,
  scene,
  method,
  // Their form is the route's to check.
  payer: { ...facts, devices: devices as readonly Device[] | null },
})

const choiceOf = ({ choice, choices, titleOf }: Taken): ChannelChoice => ({
  channel: choice.channel,
  method: choice.method,
  offered: choices.ranked.map(({ channel, method, reasons }) => ({
    channel,
    title: titleOf(channel),
    method,
    reasons: reasons.map(forPayers),
  })),
  notOffered: choices.rejected.map(({ channel, reason }) => ({
    channel,
    title: titleOf(channel),
    reason,
  })),
})

// What a hospital pays its banks, and has promised them, is not the payer's to see.
const CONTRACTUAL = new Set<ChoiceReason['code']>(['cheapest', 'contract_share'])

const forPayers = (reason: ChoiceReason): ChoiceReason =>
  CONTRACTUAL.has(reason.code) ? { ...reason, params: {} } : reason
