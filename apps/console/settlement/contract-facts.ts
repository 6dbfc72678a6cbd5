import { amountText } from '../../web/amount.ts'
import { percentText } from '../channels/ratio.ts'
import type { TermsFact } from '../terms/model.ts'
import type { Calendar, Contract } from './model.ts'
import { useSettlementWords } from './words.ts'

/** A contract in words, a fact a line. */
export function useContractFacts(): (contract: Contract) => TermsFact[] {
  const { t } = useSettlementWords()
  return (contract) => {
    const { fee, payers, shares } = contract
    const fact = (key: string, value: string) => ({ name: t(`contracts.fields.${key}`), value })
    const days = (key: string, count: number) => fact(key, t('contracts.days', { count }))
    return [
      fact('tiers', fee.tiers.map((tier, i) => tierText(t, tier, i > 0)).join('；')),
      fact('least', amountText(fee.minFen)),
      fact('most', fee.maxFen === null ? t('contracts.noMost') : amountText(fee.maxFen)),
      fact('rounding', t(`contracts.roundings.${fee.rounding}`)),
      fact('roundedPer', t(`contracts.roundedPers.${fee.roundedPer}`)),
      fact('onReturn', t(`contracts.onReturns.${fee.onReturn}`)),
      fact('cycle', cycleText(t, contract.cycle)),
      days('grace', contract.graceWorkingDays),
      fact('payout', t(`contracts.payouts.${contract.payout}`)),
      fact('account', contract.account),
      fact('payers', payers.join('、')),
      days('daysBefore', contract.daysBefore),
      days('daysAfter', contract.daysAfter),
      fact('shares', shares.map((share) => shareText(t, share)).join('；')),
    ]
  }
}

type T = ReturnType<typeof useSettlementWords>['t']

const tierText = (
  t: T,
  { fromFen, ratePpm }: Contract['fee']['tiers'][number],
  isHigher: boolean,
) =>
  isHigher
    ? t('contracts.tier', { from: amountText(fromFen), rate: percentText(ratePpm) })
    : percentText(ratePpm)

/** "T+1": as people in finance call it. */
function cycleText(t: T, cycle: Contract['cycle']): string {
  switch (cycle.kind) {
    case 'working_days':
    case 'natural_days':
      return t(`contracts.cycles.${cycle.kind}`, { n: cycle.after })
    case 'weekly':
      return t('contracts.cycles.weekly', {
        day: t(`console:reconciliation.weekdays.${cycle.weekday % 7}`),
      })
    case 'monthly':
      return t('contracts.cycles.monthly', { n: cycle.day })
  }
}

const HOSPITAL = 'hospital'

const shareText = (t: T, { party, ppm }: Contract['shares'][number]) =>
  `${party === HOSPITAL ? t('contracts.hospital') : party} ${percentText(ppm)}`

/** A calendar in words: its days off as runs, and the weekend days that are worked. */
export function useCalendarFacts(): (calendar: Calendar) => TermsFact[] {
  const { t } = useSettlementWords()
  return ({ daysOff, workdays }) => [
    { name: t('calendars.daysOff'), value: runsOf(daysOff).join('、') || t('calendars.none') },
    { name: t('calendars.workdays'), value: workdays.join('、') || t('calendars.none') },
  ]
}

const DAY_MS = 86_400_000
const dayNo = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY_MS

/** Pure: days that follow each other as one: "2026-10-01 至 10-07". */
export function runsOf(days: readonly string[]): string[] {
  const runs: string[][] = []
  for (const day of days.toSorted()) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last !== undefined && dayNo(day) - dayNo(last) === 1) run.push(day)
    else runs.push([day])
  }
  return runs.map((run) => {
    const [first = ''] = run
    const last = run.at(-1) ?? first
    return first === last ? first : `${first} ~ ${last.slice(5)}`
  })
}
