import { addDays, type BusinessDate, businessDateOf } from '../../../kernel/time.ts'
import { netOf } from './channel-book.ts'
import { type ChannelName, CHANNELS, INSURER, payDayOf } from './contracts.ts'
import { moneyCases } from './money-cases.ts'
import type { Month } from './month.ts'
import type { Outcome } from './outcome.ts'
import { OF_THE_DAY } from './plant-lists.ts'
import { OF_THE_PAYOUT } from './plant-others.ts'
import { caseText, differenceText, type ExpectedCase, feeText } from './planted.ts'

/** What must come out of a month, by the books of all the others and by what was planted: nothing of it is asked of the hub. */
export async function expectedOf(month: Month): Promise<Outcome> {
  const { planted } = month
  const cases: ExpectedCase[] = []
  for (const one of planted.flatMap((each) => each.cases)) {
    const amountFen = one.amountFen === OF_THE_DAY ? await takenFen(month, one) : one.amountFen
    cases.push({ ...one, amountFen })
  }
  const batches = await batchesOf(month)
  const unexplained = unexplainedOf(month)
  cases.push(...moneyCases(month, batches, unexplained))
  return {
    differences: planted.flatMap((one) => one.differences.map(differenceText)).toSorted(),
    cases: cases.map(caseText).toSorted(),
    closings: closingsOf(month),
    batches: batches.map(({ text }) => text).toSorted(),
    fees: planted.flatMap((one) => one.fees.map(feeText)).toSorted(),
    unexplained: unexplained.map(({ ref, amountFen }) => `${ref} ${amountFen}`).toSorted(),
    balances: await balancesOf(month, cases, batches, unexplained),
  }
}

const PROVIDERS = [...CHANNELS.map(({ name }) => name), INSURER.name]

/** Every day from the first to the last but one that can be closed. */
function daysOf({ first, until }: Month): BusinessDate[] {
  const days: BusinessDate[] = []
  for (let date = first; date < until; date = addDays(date, 1)) days.push(date)
  return days
}

const neverClosed = ({ planted }: Month) => new Set(planted.flatMap((one) => one.neverClosed))

const takenFen = async ({ hub }: Month, { source, date }: ExpectedCase): Promise<number> =>
  (await hub.parties.channelOf(source as ChannelName).ownLines(date))
    .filter(({ kind }) => kind === 'charge')
    .reduce((sum, { amountFen }) => sum + amountFen, 0)

function closingsOf(month: Month): string[] {
  const never = neverClosed(month)
  const again = new Set(month.planted.flatMap((one) => one.closedAgain))
  return daysOf(month).map((date) => {
    if (never.has(date)) return `${date} v0, 0 standing`
    return `${date} v${again.has(date) ? 2 : 1}, 1 standing`
  })
}

async function batchesOf(month: Month) {
  const { planted, payouts } = month
  const never = neverClosed(month)
  const batches = []
  for (const date of daysOf(month).filter((day) => !never.has(day))) {
    for (const provider of PROVIDERS) {
      const { payoutFen, feeFen } = await payouts.owed(provider, date)
      const isOf = (one: { provider: string; date: BusinessDate }) =>
        one.provider === provider && one.date === date
      const beyond = planted.flatMap((one) => one.fees).filter(isOf)
      const beyondFen = beyond.reduce((sum, fee) => sum + fee.billedFen - fee.contractFen, 0)
      const wrong = planted.flatMap((one) => one.batches).find(isOf)
      const receivedFen = wrong?.status === 'late' ? 0 : payoutFen - (wrong?.missingFen ?? 0)
      const standing = [wrong?.status ?? 'received', payoutFen, receivedFen]
      const figures = [...standing, feeFen, feeFen - beyondFen]
      const text = [provider, date, payDayOf(provider, date), ...figures].join(' ')
      batches.push({ text, provider, date, payoutFen, openFen: payoutFen - receivedFen, feeFen })
    }
  }
  return batches
}

/** What was planted as such, and all payouts of days that were never closed. */
function unexplainedOf(month: Month) {
  const { planted, payouts, bank, until } = month
  const never = [...neverClosed(month)]
  const ofNever = never.flatMap((date) =>
    PROVIDERS.flatMap((provider) => {
      const ref = payouts.refOf(provider, date)
      const row = daysTo(date, until)
        .flatMap((day) => bank.rowsOf(day))
        .find((one) => one.ref === ref)
      const bookedOn = payDayOf(provider, date)
      return row ? [{ ref, amountFen: row.amountFen as number, bookedOn }] : []
    }),
  )
  const receipts = planted
    .flatMap((one) => one.unexplained)
    .map(({ ref, amountFen, bookedOn }) => {
      const isSecond = amountFen === OF_THE_PAYOUT
      return { ref, amountFen: isSecond ? payouts.secondFen(ref) : amountFen, bookedOn }
    })
  return [...receipts, ...ofNever]
}

const daysTo = (from: BusinessDate, until: BusinessDate) =>
  Array.from({ length: 15 }, (_, i) => addDays(from, i)).filter((day) => day < until)

/** Each account to the fen; those that are not named are empty. */
async function balancesOf(
  month: Month,
  cases: readonly ExpectedCase[],
  batches: Awaited<ReturnType<typeof batchesOf>>,
  unexplained: readonly { amountFen: number }[],
) {
  const { planted, bank, hub } = month
  const balances: Record<string, number> = {
    'bank/main': bank.cameFen(),
    'suspense/receipts': 0 - sumOf(unexplained),
    income: 0 - incomeFen(month),
  }
  for (const provider of PROVIDERS) {
    const ofIt = batches.filter((batch) => batch.provider === provider)
    balances[`clearing/${provider}`] = ofIt.reduce((sum, { openFen }) => sum + openFen, 0)
    balances[`fees/${provider}`] = ofIt.reduce((sum, { feeFen }) => sum + feeFen, 0)
    const left = planted.flatMap((one) => one.leftFen).filter((one) => one.provider === provider)
    const notListed = await Promise.all(
      [...neverClosed(month)].map((date) => ownNetFen(hub, provider, date)),
    )
    const part = provider === INSURER.name ? 'pooled' : 'self_pay'
    balances[`receivable/${provider}/${part}`] =
      sumOf(left) + notListed.reduce((sum, amountFen) => sum + amountFen, 0)
    const adjusted = cases.filter(
      ({ source, resolution }) => source === provider && resolution === 'adjusted',
    )
    const hung = adjusted.filter((one) => isSurplus(month, one))
    const given = adjusted.filter((one) => !isSurplus(month, one))
    balances[`surplus/${provider}`] = 0 - sumOf(hung)
    balances['expense/shortage'] = (balances['expense/shortage'] ?? 0) + sumOf(given)
  }
  return Object.fromEntries(
    Object.entries(balances)
      .filter(([, balanceFen]) => balanceFen !== 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** They have more than we. */
const isSurplus = ({ planted }: Month, { source, subject, class: cls }: ExpectedCase) =>
  planted
    .filter((one) => one.cases.some((each) => each.subject === subject && each.class === cls))
    .flatMap((one) => one.differences)
    .some((one) => one.source === source && one.theirsFen > one.oursFen)

async function ownNetFen({ parties }: Month['hub'], provider: string, date: BusinessDate) {
  if (provider === INSURER.name) return parties.insurer.netFen(date)
  return netOf(await parties.channelOf(provider as ChannelName).ownLines(date))
}

/** By the receipts of the hospital's own book. */
const incomeFen = ({ hub, until }: Month): number =>
  hub.parties.his.book
    .filter(({ at }) => businessDateOf(at) < until)
    .reduce((sum, { kind, amountFen }) => sum + (kind === 'payment' ? amountFen : 0 - amountFen), 0)

const sumOf = (rows: readonly { amountFen: number }[]): number =>
  rows.reduce((sum, { amountFen }) => sum + amountFen, 0)
